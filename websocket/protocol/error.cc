#include <string>

#include <aiopyr/websocket/protocol/close_code.h>
#include <aiopyr/websocket/protocol/error.h>

namespace aiopyr::websocket {
namespace {

class ConditionCategory final : public std::error_category {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "aiopyr.websocket.condition"; }
  [[nodiscard]] std::string message(int value) const override {
    return static_cast<ErrorCondition>(value) == ErrorCondition::kHandshakeFailed
               ? "websocket handshake failed"
               : "websocket connection failed";
  }
};

const ConditionCategory& condition_category() noexcept {
  static const ConditionCategory category;
  return category;
}

class ProtocolCategory final : public std::error_category {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "aiopyr.websocket"; }
  [[nodiscard]] std::string message(int value) const override {
    return std::string{message_for(static_cast<ProtocolError>(value))};
  }
  [[nodiscard]] std::error_condition default_error_condition(int value) const noexcept override {
    if (value == 0) return {};
    return make_error_condition(is_handshake_error(static_cast<ProtocolError>(value))
                                    ? ErrorCondition::kHandshakeFailed
                                    : ErrorCondition::kConnectionFailed);
  }
};

}  // namespace

std::uint16_t close_code_for(ProtocolError error) noexcept {
  switch (error) {
    case ProtocolError::kInvalidText:
    case ProtocolError::kInvalidCloseReason:
      return kInvalidPayloadData;
    case ProtocolError::kMessageOverSizeLimit:
      return kMessageTooBig;
    // Data that does not inflate (RFC 7692 names no code for it) is a kProtocolViolation too: it
    // breaks the compressed stream of the connection, whatever the message. 1007 is for a message
    // that arrived complete, but is not of its type.
    default:
      return kProtocolViolation;
  }
}

std::string_view message_for(ProtocolError error) noexcept {
  switch (error) {
    case ProtocolError::kNone:
      return "no error";
    case ProtocolError::kUnmaskedFrame:
      return "frame from a client is not masked";
    case ProtocolError::kMaskedFrame:
      return "frame from a server is masked";
    case ProtocolError::kReservedBits:
      return "reserved bits are set";
    case ProtocolError::kReservedOpcode:
      return "opcode is reserved";
    case ProtocolError::kFragmentedControl:
      return "control frame is fragmented";
    case ProtocolError::kControlTooLong:
      return "control frame is longer than 125 bytes";
    case ProtocolError::kNonMinimalLength:
      return "payload length is not in its shortest form";
    case ProtocolError::kLengthHighBit:
      return "highest bit of the payload length is set";
    case ProtocolError::kLoneContinuation:
      return "continuation frame outside of a message";
    case ProtocolError::kInterruptedMessage:
      return "new message before the end of the last one";
    case ProtocolError::kShortClosePayload:
      return "close frame with one byte";
    case ProtocolError::kInvalidCloseCode:
      return "close code is not allowed";
    case ProtocolError::kInvalidText:
      return "text is not UTF-8";
    case ProtocolError::kInvalidCloseReason:
      return "close reason is not UTF-8";
    case ProtocolError::kMessageOverSizeLimit:
      return "message is over the size limit";
    case ProtocolError::kInvalidDeflateData:
      return "compressed message is not deflate data";
    case ProtocolError::kMethodNotGet:
      return "handshake method is not GET";
    case ProtocolError::kHttpVersionTooOld:
      return "handshake needs HTTP/1.1 or later";
    case ProtocolError::kNoUpgradeToWebsocket:
      return "Upgrade header does not name websocket";
    case ProtocolError::kNoConnectionUpgrade:
      return "Connection header does not name upgrade";
    case ProtocolError::kHandshakeWithBody:
      return "handshake has a body";
    case ProtocolError::kInvalidKey:
      return "Sec-WebSocket-Key is not 16 bytes in base64";
    case ProtocolError::kUnsupportedVersion:
      return "Sec-WebSocket-Version is not 13";
    case ProtocolError::kInvalidSubprotocols:
      return "Sec-WebSocket-Protocol is not a list of tokens";
    case ProtocolError::kInvalidExtensions:
      return "Sec-WebSocket-Extensions is not a list of extensions";
    case ProtocolError::kOriginRefused:
      return "Origin is not allowed";
  }
  return "unknown websocket error";
}

const std::error_category& protocol_category() noexcept {
  static const ProtocolCategory category;
  return category;
}

std::error_code make_error_code(ProtocolError error) noexcept {
  return {static_cast<int>(error), protocol_category()};
}

std::error_condition make_error_condition(ErrorCondition condition) noexcept {
  return {static_cast<int>(condition), condition_category()};
}

}  // namespace aiopyr::websocket

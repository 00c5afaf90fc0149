#pragma once

#include <cstdint>
#include <string_view>
#include <system_error>
#include <type_traits>

/// One precise code per violation of the protocol, grouped under two conditions.
///
/// The protocol layer returns these and never throws. They are std::error_codes too, so that the
/// layers above can carry and compare them: `code == ErrorCondition::kHandshakeFailed`.
/// Plain values, for any thread.
namespace aiopyr::websocket {

enum class ProtocolError : std::uint8_t {
  kNone = 0,

  // Errors of an open connection: each fails it (section 7.1.7) with the code of close_code_for().
  kUnmaskedFrame,         ///< a client's frame is not masked (5.1)
  kMaskedFrame,           ///< a server's frame is masked (5.1)
  kReservedBits,          ///< an RSV bit that no extension has claimed (5.2)
  kReservedOpcode,        ///< an opcode of 3-7 or 11-15 (5.2)
  kFragmentedControl,     ///< a control frame without FIN (5.5)
  kControlTooLong,        ///< a control frame with more than 125 bytes (5.5)
  kNonMinimalLength,      ///< a payload length in more bytes than it needs (5.2)
  kLengthHighBit,         ///< a 64-bit payload length whose highest bit is set (5.2)
  kLoneContinuation,      ///< a continuation frame outside of a message (5.4)
  kInterruptedMessage,    ///< a new message before the last one has ended (5.4)
  kShortClosePayload,     ///< a close frame with one byte (5.5.1)
  kInvalidCloseCode,      ///< a close code that may not be on the wire (7.4)
  kInvalidText,           ///< a text message that is not UTF-8 (8.1)
  kInvalidCloseReason,    ///< a close reason that is not UTF-8 (5.5.1)
  kMessageOverSizeLimit,  ///< a message longer than the receiver accepts (7.4.1, 1009)
  kInvalidDeflateData,    ///< a compressed message with invalid data (RFC 7692 section 7.2.2)

  // Errors of the opening handshake: each refuses it with an HTTP status (section 4.2).
  kMethodNotGet,
  kHttpVersionTooOld,
  kNoUpgradeToWebsocket,
  kNoConnectionUpgrade,
  kHandshakeWithBody,
  kInvalidKey,
  kUnsupportedVersion,
  kInvalidSubprotocols,
  kInvalidExtensions,
  kOriginRefused,
};

enum class ErrorCondition : std::uint8_t {
  kConnectionFailed = 1,  ///< the peer broke the rules of an open connection
  kHandshakeFailed,       ///< the connection was not opened
};

/// Returns whether `error` belongs to the opening handshake.
[[nodiscard]] constexpr bool is_handshake_error(ProtocolError error) noexcept {
  return error >= ProtocolError::kMethodNotGet;
}

/// Returns the code of the close frame that answers `error`: 1002, 1007 or 1009. Requires an error
/// of an open connection.
[[nodiscard]] std::uint16_t close_code_for(ProtocolError error) noexcept;

/// Describes the error in one lower-case phrase, for a log line and the reason of a close frame.
[[nodiscard]] std::string_view message_for(ProtocolError error) noexcept;

[[nodiscard]] const std::error_category& protocol_category() noexcept;
[[nodiscard]] std::error_code make_error_code(ProtocolError error) noexcept;
[[nodiscard]] std::error_condition make_error_condition(ErrorCondition condition) noexcept;

}  // namespace aiopyr::websocket

template <>
struct std::is_error_code_enum<aiopyr::websocket::ProtocolError> : std::true_type {};
template <>
struct std::is_error_condition_enum<aiopyr::websocket::ErrorCondition> : std::true_type {};

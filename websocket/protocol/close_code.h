#pragma once

#include <cstdint>

/// The status codes of a close frame: RFC 6455 section 7.4 and IANA's registry of close codes.
///
/// Plain constants and functions, for any thread. On the wire, and wherever an application may
/// choose a code of its own (3000-4999), a code is a std::uint16_t.
namespace aiopyr::websocket {

enum CloseCode : std::uint16_t {
  kNormalClosure = 1000,
  kGoingAway = 1001,
  kProtocolViolation = 1002,
  kUnsupportedData = 1003,
  kNoStatusReceived = 1005,  ///< represents a close frame without a code; never on the wire
  kAbnormalClosure = 1006,   ///< represents a connection lost without one; never on the wire
  kInvalidPayloadData = 1007,
  kPolicyViolation = 1008,
  kMessageTooBig = 1009,
  kMandatoryExtension = 1010,
  kInternalError = 1011,
  kServiceRestart = 1012,
  kTryAgainLater = 1013,
  kBadGateway = 1014,
  kTlsHandshakeFailure = 1015,  ///< never on the wire
};

/// Returns whether a close frame may carry `code`, in either direction: 1000-1003, 1007-1014,
/// 3000-4999.
[[nodiscard]] constexpr bool may_be_on_wire(std::uint16_t code) noexcept {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
         (code >= 3000 && code <= 4999);
}

}  // namespace aiopyr::websocket

#pragma once

#include <cstdint>
#include <exception>
#include <optional>
#include <string>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/websocket/protocol/closing.h>

/// The exceptions of websockets.
///
///   Error
///   ├── ConnectionClosed           sending on a connection that is closed or closing
///   │   ├── ConnectionClosedOK     closed in order: 1000, 1001 or no code (1005)
///   │   └── ConnectionClosedError  closed with another code, or lost without one (1006)
///   └── ConcurrencyError           a second recv() while one is waiting
///   WebsocketClosed                not an Error: ends the fiber of UWSGIWebsocketMapper
///
/// Values may be thrown on one thread and caught on another.
namespace aiopyr {

/// Raised when the connection is closed. A view that lets it escape simply ends: a close in order
/// is not logged.
class ConnectionClosed : public Error {
 public:
  explicit ConnectionClosed(const websocket::ClosingHandshake& closing);

  /// Returns the peer's close frame, if any.
  [[nodiscard]] const std::optional<websocket::CloseFrame>& received() const noexcept {
    return received_;
  }
  [[nodiscard]] const std::optional<websocket::CloseFrame>& sent() const noexcept { return sent_; }

  /// Returns the code of the connection (RFC 6455 section 7.1.5): the one received, or 1006.
  [[nodiscard]] std::uint16_t code() const noexcept { return code_; }
  /// Returns the reason received (section 7.1.6), in UTF-8.
  [[nodiscard]] const std::string& reason() const noexcept { return reason_; }

  /// Returns whether the peer's close frame was seen before ours was sent.
  [[nodiscard]] bool peer_closed_first() const noexcept { return peer_closed_first_; }

 private:
  std::optional<websocket::CloseFrame> received_;
  std::optional<websocket::CloseFrame> sent_;
  std::uint16_t code_;
  std::string reason_;
  bool peer_closed_first_;
};

class ConnectionClosedOK : public ConnectionClosed {
 public:
  using ConnectionClosed::ConnectionClosed;
};

class ConnectionClosedError : public ConnectionClosed {
 public:
  using ConnectionClosed::ConnectionClosed;
};

/// Raised when two coroutines have called recv() on one connection at a time: chance would decide
/// which of them gets a message.
class ConcurrencyError : public Error {
 public:
  using Error::Error;
};

/// Thrown by UWSGIWebsocketMapper on the fiber when a websocket has ended, always: there is no
/// response to return. Neither exception views nor `catch (const std::exception&)` see it;
/// ignore_websocket_closed() swallows it.
class WebsocketClosed {
 public:
  explicit WebsocketClosed(std::exception_ptr cause = nullptr) noexcept
      : cause_(std::move(cause)) {}

  /// Returns the exception that ended the view; null if it ended in order.
  [[nodiscard]] const std::exception_ptr& cause() const noexcept { return cause_; }

 private:
  std::exception_ptr cause_;
};

namespace websocket {

/// Throws ConnectionClosedOK or ConnectionClosedError. `lost` means that the stream is gone, so
/// that a close frame without an answer will never get one.
[[noreturn]] void throw_connection_closed(const ClosingHandshake& closing, bool lost);

/// Throws Error, which names the allowed ones, for a close code that may not be sent (RFC 6455
/// section 7.4).
void require_close_code(std::uint16_t code);

}  // namespace websocket
}  // namespace aiopyr

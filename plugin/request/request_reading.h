#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include <aiopyr/plugin/connection/client_connections.h>
#include <aiopyr/plugin/connection/slow_cores.h>
#include <aiopyr/plugin/io/body_input.h>
#include <aiopyr/runtime/async/fibers/fiber.h>
#include <aiopyr/runtime/http1/http_head.h>

struct wsgi_request;

namespace aiopyr::plugin {

/// Reads a request in a core: its head, and as much of its body as is worth waiting for. Bytes that
/// its client has not sent are awaited without the core. On the request's fiber.
class RequestReading {
 public:
  RequestReading(wsgi_request& request, ClientConnections& connections) noexcept
      : request_(request), connections_(connections) {}

  /// Begins with the request of `connection`. `reads_body`: its client has not sent all of its
  /// body, and the core may wait for it.
  void begin(ClientConnection& connection, bool reads_body) noexcept;

  enum class Outcome : std::uint8_t {
    kWhole,       ///< the request has arrived
    kUnfinished,  ///< it was taken out of the core, with its connection
    kFailed,      ///< it is refused, or the client has left
  };
  [[nodiscard]] Outcome read() noexcept;

  /// Returns the fault of a request whose variables are complete, for which it is refused before
  /// any code uses them. Only for sockets without a parser of ours.
  [[nodiscard]] HeadError fault() const noexcept { return fault_; }

  /// Notes whether the request has a body in chunks. Called by parsers of heads.
  void note_chunks(bool has_chunks) noexcept { has_chunks_ = has_chunks; }

  /// Ends the right to read a body in this core: it was read, or will not be.
  void end_body() noexcept;
  /// Closes the connection if the client has not sent a byte yet, as when browsers preconnect. From
  /// the root context.
  void drop_unasked() noexcept {
    if (unasked_ != nullptr) unasked_->cancel_soon();
  }

 private:
  Outcome await_body() noexcept;
  Outcome read_ahead() noexcept;
  Outcome leave_core(std::size_t awaited_body, std::unique_ptr<BodyInput> input = nullptr) noexcept;
  [[nodiscard]] bool wait_for_more() noexcept;
  [[nodiscard]] bool take_body_core() noexcept { return connections_.take_body_core(body_right_); }
  [[nodiscard]] AwaitedBody awaited(std::size_t worth, std::unique_ptr<BodyInput> input) noexcept;

  wsgi_request& request_;
  ClientConnections& connections_;
  ClientConnection* connection_ = nullptr;
  SlowCores::Right body_right_;
  HeadError fault_ = HeadError::kNone;
  bool has_chunks_ = false;
  Fiber* unasked_ = nullptr;  // waits for a request's first byte
};

}  // namespace aiopyr::plugin

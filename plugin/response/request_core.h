#pragma once

#include <cstddef>

#include <aiopyr/plugin/connection/ending.h>

namespace aiopyr::plugin {

/// The core that a request is served in, as far as its response has to do with it: it has borrowed
/// the connection's stream, and counts what is sent. On the request's fiber.
class RequestCore {
 public:
  /// Notes for logs and counters what is sent, now or once the client reads it.
  virtual void note_sent(std::size_t head, std::size_t body) noexcept = 0;
  /// Notes that the client could not be written to.
  virtual void note_failed() noexcept = 0;
  /// Returns the stream to its connection, whose client has sent the next request behind this one,
  /// or will: what was received of it goes along.
  virtual void return_for_next_request() noexcept = 0;
  /// Returns the stream to its connection, which is about to end.
  virtual void return_stream() noexcept = 0;
  /// Says what becomes of the connection once the core is free. Behind one of the above.
  virtual void end_with(Ending ending) = 0;

 protected:
  ~RequestCore() = default;
};

}  // namespace aiopyr::plugin

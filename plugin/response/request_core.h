#pragma once

#include <cstddef>

#include <aiopyr/plugin/connection/ending.h>

namespace aiopyr::plugin {

/// The core that serves a request, as its response sees it: it has borrowed the connection's
/// stream, and counts the bytes sent. On the request's fiber.
class RequestCore {
 public:
  /// Records the bytes for logs and counters, which are sent now or once the client reads them.
  virtual void note_sent(std::size_t head, std::size_t body) noexcept = 0;
  /// Records that the client could not be written to.
  virtual void note_failed() noexcept = 0;
  /// Gives the stream back to its connection, for the client's next request, together with the
  /// received bytes of that.
  virtual void return_for_next_request() noexcept = 0;
  /// Gives the stream back to its connection, which is about to end.
  virtual void return_stream() noexcept = 0;
  /// Sets the ending of the connection for when the core is free. Called after one of the above.
  virtual void end_with(Ending ending) = 0;

 protected:
  ~RequestCore() = default;
};

}  // namespace aiopyr::plugin

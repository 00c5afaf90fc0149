#pragma once

#include <memory>
#include <utility>
#include <variant>

#include <aiopyr/plugin/connection/client_connections.h>
#include <aiopyr/plugin/connection/ending.h>
#include <aiopyr/plugin/io/client_watch.h>
#include <aiopyr/plugin/request/client_pace.h>
#include <aiopyr/plugin/request/request_deadline.h>
#include <aiopyr/plugin/request/request_notes.h>
#include <aiopyr/plugin/request/request_reading.h>
#include <aiopyr/runtime/async/fibers/fiber.h>

struct wsgi_request;

namespace aiopyr::plugin {

/// The request that a core serves: uWSGI's struct for it, its connection and that one's ending, and
/// the parts that read it, watch its client and measure it. Knows nothing of how the core's fiber
/// is scheduled (RequestFiber). Reused for each request of its core; on its fiber.
class ServedRequest {
 public:
  ServedRequest(wsgi_request& core, ClientConnections& all, ClientWatches& clients) noexcept
      : request(core),
        connections(all),
        reading(core, all),
        pace(core, all),
        deadline(core),
        client(clients) {}

  /// Takes over a connection that is lent to this core. `reads_body`: see Cores::serve(). In the
  /// root context, before the fiber starts.
  void begin(std::unique_ptr<ClientConnection> connection, bool reads_body) noexcept;
  /// Clears what the last request has left. First thing on the new request's fiber.
  void begin_on(Fiber& fiber) noexcept;

  /// Returns its connection; null once uWSGI will close it.
  [[nodiscard]] ClientConnection* connection() const noexcept { return connection_.get(); }
  /// Drops a connection that has no other ending. If its stream was taken back, or if uWSGI could
  /// not write to it, a response breaks off: then the connection is reset, so that a client to
  /// which the end of the connection is the end of the response does not take it for complete.
  void drop_connection() noexcept;

  /// Sets the ending of the connection for when the core is free; by default uWSGI closes it.
  void end_with(Ending ending) { ending_ = std::move(ending); }
  template <class T>
  [[nodiscard]] bool ends() const noexcept {
    return std::holds_alternative<T>(ending_);
  }
  /// Ends the right to read a body, and gives the connection and its ending away.
  [[nodiscard]] std::pair<std::unique_ptr<ClientConnection>, Ending> release() noexcept;

  wsgi_request& request;
  ClientConnections& connections;
  RequestReading reading;
  ClientPace pace;
  RequestDeadline deadline;
  ClientWatch client;
  RequestNotes notes;

 private:
  std::unique_ptr<ClientConnection> connection_;
  Ending ending_;
};

/// Returns uWSGI's current request. Requires: called while a request is being served.
ServedRequest& current_request() noexcept;

/// Returns the request of a core, by uWSGI's number for it.
ServedRequest& served_request_of(const wsgi_request& request) noexcept;

}  // namespace aiopyr::plugin

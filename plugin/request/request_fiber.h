#pragma once

#include <functional>
#include <memory>
#include <span>

#include <aiopyr/plugin/connection/client_connections.h>
#include <aiopyr/plugin/io/client_watch.h>
#include <aiopyr/plugin/request/served_request.h>
#include <aiopyr/runtime/async/fibers/fiber.h>
#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/async/loop/runnable.h>

struct uwsgi_buffer;
struct wsgi_request;

namespace aiopyr::plugin {

/// The parts of a worker that request fibers use. All of them outlive the fibers.
struct FiberHost {
  Loop& loop;
  ClientConnections& connections;
  ClientWatches& clients;
  std::function<void()> on_free_core;  ///< called in the root context when a core is free again
};

/// One core at work: reads a request, lets the right plugin answer it, closes it. Everything runs
/// on a fiber, so every wait of uWSGI's parks. There is one of these for each core, and it is
/// reused.
///
/// As the fiber's observer it keeps uWSGI's current request right, gives each request a websocket
/// continuation buffer of its own, and lets other plugins (python) swap their state, as uWSGI's
/// ugreen does.
class RequestFiber final : public FiberObserver {
 public:
  RequestFiber(wsgi_request& request, FiberHost& host) noexcept;

  /// Serves the request of a connection that is lent to this core. `reads_body`: see
  /// Cores::serve(). In the root context.
  void serve(std::unique_ptr<ClientConnection> connection, bool reads_body);

  /// Returns the object that serves a request on `fiber`; null for a fiber of an app's own.
  [[nodiscard]] static RequestFiber* of(const Fiber& fiber) noexcept {
    return dynamic_cast<RequestFiber*>(fiber.observer());
  }

  /// Returns the request that is being served, or the last one.
  [[nodiscard]] ServedRequest& served() noexcept { return served_; }

  /// Parks this core's fiber until wake(): uWSGI's schedule_to_main.
  void park() noexcept;
  /// Resumes it: uWSGI's schedule_to_req and schedule_fix.
  void wake() noexcept;

 private:
  /// Ends the fiber without allocating: memory may be short.
  class End final : public Runnable {
   public:
    explicit End(RequestFiber& fiber) noexcept : fiber_(fiber) {}
    void run() override { fiber_.finish(); }

   private:
    RequestFiber& fiber_;
  };

  void on_enter() noexcept override;
  void on_leave() noexcept override;
  void run() noexcept;
  void answer() noexcept;
  void finish();

  wsgi_request& request_;
  FiberHost& host_;
  Fiber* fiber_ = nullptr;
  bool is_starting_ = false;  // its fiber was started, and has not parked yet
  bool has_ended_ = false;    // without parking
  bool plugin_runs_ = false;
  uwsgi_buffer* continuation_ = nullptr;
  ServedRequest served_;
  End end_{*this};
};

/// Returns the fiber of uWSGI's current request. Requires: called while a request is being served.
RequestFiber& current_request_fiber() noexcept;

/// Returns the fiber of a core, by uWSGI's number for it.
RequestFiber& request_fiber_of(const wsgi_request& request) noexcept;

/// Returns the fibers of all cores; empty before they are made.
std::span<RequestFiber> all_request_fibers() noexcept;

/// Closes the connections whose clients have not sent a byte of a request, in cores and elsewhere.
void drop_unasked_connections(ClientConnections& connections) noexcept;

/// Makes the fibers of this worker's cores, which use `host`. After fork.
void make_request_fibers(FiberHost& host);

}  // namespace aiopyr::plugin

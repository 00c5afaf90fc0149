#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include <aiopyr/plugin/unfinished_request.h>
#include <aiopyr/runtime/async/fd_watch.h>
#include <aiopyr/runtime/async/loop.h>
#include <aiopyr/runtime/async/timer.h>
#include <aiopyr/runtime/base/intrusive_list.h>

namespace aiopyr::plugin {

/// The connections of this worker that hold no core, because their client has not sent its request:
/// thousands of slow ones, or of browsers that connect ahead, keep nobody from being served. Not
/// here are bodies that are chunked, invited, behind TLS, or past their first 64 KiB: those are
/// read in a core (docs/operating.md).
///
/// Each has a deadline (aiopyr-read-timeout), and is answered 408 at its end where it has asked for
/// something. One whose request is there while no core is free waits for one, before connections
/// that have not been accepted yet, and is answered 503 after aiopyr-queue-timeout.
///
/// On the loop's thread, in the root context.
class PendingConnections {
 public:
  /// `serve` is called with the core of a request to go on with, and when it was accepted.
  using Serve = std::function<void(wsgi_request& core, TimePoint began)>;

  PendingConnections(Loop& loop, Serve serve);
  ~PendingConnections();
  PendingConnections(const PendingConnections&) = delete;
  PendingConnections& operator=(const PendingConnections&) = delete;

  /// One that is read as soon as its client sends more.
  void add(UnfinishedRequest request);

  /// One that waits for a core first. Where aiopyr-queue of them wait already it is answered 503.
  void add_to_queue(UnfinishedRequest request);

  /// Serves those that wait for a core, as far as there are any.
  void use_free_cores();

  /// Closes those whose client has not sent a byte.
  void drop_unasked() noexcept;

  [[nodiscard]] std::size_t count() const noexcept { return count_; }

  /// This worker's; null before its loop is made.
  static PendingConnections* current() noexcept;

 private:
  class Connection;

  void serve_or_queue(Connection& connection);
  void queue(Connection& connection);
  bool serve(Connection& connection);
  void remove(Connection& connection) noexcept;

  Loop& loop_;
  Serve serve_;
  std::size_t count_ = 0;
  std::size_t queued_ = 0;
  IntrusiveList<Connection> reading_;
  IntrusiveList<Connection> queue_;  // who waits longest comes first
};

}  // namespace aiopyr::plugin

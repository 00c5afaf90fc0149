#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include <aiopyr/plugin/pending_connection.h>
#include <aiopyr/plugin/unfinished_request.h>
#include <aiopyr/runtime/async/loop.h>
#include <aiopyr/runtime/async/output_batch.h>
#include <aiopyr/runtime/async/runnable.h>
#include <aiopyr/runtime/base/intrusive_list.h>

namespace aiopyr::plugin {

/// The connections of this worker that hold no core, because their client has not sent its request,
/// or its next one: thousands of slow ones, of browsers that connect ahead, and of those that are
/// kept, keep nobody from being served. Bodies that are invited, or past their first 64 KiB, are
/// read in a core (docs/operating.md), and wait here for one of those that may (BodyCore).
///
/// Each has a deadline (aiopyr-read-timeout, or aiopyr-keep-alive between two requests), and is
/// answered 408 at its end where it has asked for something. One whose request is there while no
/// core is free waits for one, before connections that have not been accepted yet, and is answered
/// 503 after aiopyr-queue-timeout, or at once where aiopyr-queue others wait (half as many that
/// wait for a BodyCore). While the worker is paused (SIGTSTP) it waits on.
///
/// On the loop's thread, in the root context.
class PendingConnections {
 public:
  /// Called with the core of a request to go on with, how that came, and its connection, to be
  /// given back to add(), or destroyed before its descriptor is closed.
  using Serve = std::function<void(wsgi_request& core, Arrival arrival,
                                   std::unique_ptr<PendingConnection> connection)>;

  PendingConnections(Loop& loop, Serve serve);
  ~PendingConnections();
  PendingConnections(const PendingConnections&) = delete;
  PendingConnections& operator=(const PendingConnections&) = delete;

  /// Waits for the client of a connection's request to send more, or anything at all.
  void add(std::unique_ptr<PendingConnection> connection);
  void add(UnfinishedRequest request);

  /// One that waits for a core first.
  void add_to_queue(UnfinishedRequest request);

  /// Serves those that wait for a core, as far as there are any.
  void use_free_cores();
  /// The same in the loop's next turn, after a BodyCore was given back. From any context.
  void use_free_cores_soon() noexcept;

  /// Closes those whose client has not sent a byte of a request.
  void drop_unasked() noexcept;
  /// Closes up to `count` of those that are idle between two requests, the longest idle first;
  /// returns how many there were.
  std::size_t drop_idle(std::size_t count) noexcept;

  /// The worker is about to end: no connection is to be kept after a request, and a pause is over
  /// for those that wait.
  void stop_keeping();
  [[nodiscard]] bool keeps() const noexcept { return keeps_; }

  /// Whether others wait for a BodyCore.
  [[nodiscard]] bool has_waiting_bodies() const noexcept { return body_queue_.size > 0; }

  [[nodiscard]] std::size_t count() const noexcept { return count_; }
  [[nodiscard]] Loop& loop() const noexcept { return loop_; }
  /// In which the answers to short requests leave.
  [[nodiscard]] OutputBatch& batch() noexcept { return batch_; }

  /// This worker's; null before its loop is made.
  static PendingConnections* current() noexcept;

 private:
  friend class PendingConnection;

  struct Queue {
    IntrusiveList<PendingConnection> connections;  // who has waited longest comes first
    std::size_t size = 0;
    std::size_t limit = 0;
  };

  /// One of the functions below, in the loop's next turn.
  class Turn final : public Runnable {
   public:
    using Function = void (PendingConnections::*)();
    Turn(PendingConnections& all, Function function) noexcept : all_(all), function_(function) {}
    void run() override { (all_.*function_)(); }

   private:
    PendingConnections& all_;
    Function function_;
  };

  void serve_ready();
  void on_input(PendingConnection& connection);
  void on_whole_body(PendingConnection& connection);
  void on_deadline(PendingConnection& connection);
  void on_stuck(PendingConnection& connection) noexcept;
  [[nodiscard]] bool is_paused() const noexcept;
  [[nodiscard]] Queue& queue_of(const PendingConnection& connection) noexcept;
  [[nodiscard]] PendingConnection* next_in_queues() noexcept;
  void add_to_queue(std::unique_ptr<PendingConnection> connection);
  bool serve(PendingConnection& connection);
  std::unique_ptr<PendingConnection> take(PendingConnection& connection) noexcept;

  Loop& loop_;
  Serve serve_;
  OutputBatch batch_;
  bool keeps_ = true;
  bool is_using_cores_ = false;
  bool is_serving_ready_ = false;
  std::size_t count_ = 0;
  IntrusiveList<PendingConnection> reading_;  // who has waited longest comes first
  IntrusiveList<PendingConnection> ready_;    // their next request is here, behind the last
  Queue queue_;
  Queue body_queue_;
  Turn use_cores_{*this, &PendingConnections::use_free_cores};
  Turn serve_ready_{*this, &PendingConnections::serve_ready};
};

}  // namespace aiopyr::plugin

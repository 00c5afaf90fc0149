#pragma once

#include <cstddef>
#include <memory>

#include <aiopyr/plugin/connection/client_connection.h>
#include <aiopyr/plugin/connection/limits.h>
#include <aiopyr/plugin/connection/response_tails.h>
#include <aiopyr/plugin/connection/slow_cores.h>
#include <aiopyr/plugin/io/orderly_closes.h>
#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/async/loop/runnable.h>
#include <aiopyr/runtime/async/loop/timer.h>
#include <aiopyr/runtime/async/transport/output_batch.h>
#include <aiopyr/runtime/base/intrusive_list.h>
#include <aiopyr/runtime/web/http/response.h>

namespace aiopyr::plugin {

/// Serves the requests of connections: the cores of this worker.
class Cores {
 public:
  virtual ~Cores() = default;
  /// Returns whether a core is free.
  [[nodiscard]] virtual bool has_free() const noexcept = 0;
  /// Returns whether the worker is paused (SIGTSTP), and takes on nothing new.
  [[nodiscard]] virtual bool is_paused() const noexcept = 0;
  /// Serves the request of a connection. `reads_body`: its client has not sent all of the body. The
  /// connection is returned to ClientConnections::add(), or destroyed before its descriptor is
  /// closed. Requires: has_free().
  virtual void serve(std::unique_ptr<ClientConnection> connection, bool reads_body) = 0;
};

/// The connections of this worker that hold no core, because their client has not sent its request,
/// or its next one: thousands of slow clients, of browsers that connect ahead, and of kept
/// connections do not delay other requests. Bodies that are invited, or past their first 64 KiB,
/// are read in a core (docs/operating.md), and wait here for one of those that may (SlowCores).
///
/// Each has a deadline (aiopyr-read-timeout, or aiopyr-keep-alive between two requests); a client
/// that has sent part of a request is answered 408 then. A request that has arrived while no core
/// is free waits for one, before connections that have not been accepted yet. It is answered 503
/// after aiopyr-queue-timeout, or at once if aiopyr-queue others wait (half as many that wait for a
/// core to read a body in). While the worker is paused (SIGTSTP) it waits on.
///
/// The client of a waiting request is checked when its turn has come, and when the queue is full. A
/// client that is gone is dropped. One that will send nothing more may want its answer, or have
/// given up: it is served after all others, even those that are yet to be accepted (ClientState).
///
/// On the loop's thread, in the root context.
class ClientConnections {
 public:
  /// All arguments have to outlive it.
  ClientConnections(Loop& loop, const ConnectionLimits& limits, ConnectionCounters counters,
                    Cores& cores);
  ~ClientConnections();
  ClientConnections(const ClientConnections&) = delete;
  ClientConnections& operator=(const ClientConnections&) = delete;

  /// Waits for the client of a connection to send a request, or the rest of one, unless it has
  /// already arrived.
  void add(std::unique_ptr<ClientConnection> connection);
  /// Waits for a core first, as for a connection that was accepted while none was free.
  void add_to_queue(std::unique_ptr<ClientConnection> connection);

  /// Serves waiting requests, as far as there are free cores.
  void use_free_cores();
  /// Serves them in the loop's next turn, after a right of slow_cores() was given back. From any
  /// context.
  void use_free_cores_soon() noexcept;

  /// Closes connections whose client has not sent a byte of a request.
  void drop_unasked() noexcept;
  /// Frees descriptors: closes up to `count` connections, first those that linger at their end
  /// (closes()), the oldest first, then those that are idle between two requests, the longest idle
  /// first. Returns how many were closed.
  std::size_t free_descriptors(std::size_t count) noexcept;

  /// Called when the worker is about to end: no connection is kept after a request any more, and
  /// waiting ones no longer wait for the end of a pause.
  void stop_keeping();
  [[nodiscard]] bool keeps() const noexcept { return keeps_; }

  /// Takes the right to read a body in a core, unless others have waited for one before.
  [[nodiscard]] bool take_body_core(SlowCores::Right& right) noexcept;
  /// Takes it even if others wait: for a connection that comes from the queue.
  void give_body_core(SlowCores::Right& right) noexcept { right.take(slow_cores_); }
  /// Returns the cores that slow clients may hold, whether they send bodies or read responses.
  [[nodiscard]] SlowCores& slow_cores() noexcept { return slow_cores_; }

  /// Returns how many connections wait here, and how many responses are leaving.
  [[nodiscard]] std::size_t count() const noexcept { return count_ + tails_.count(); }

  [[nodiscard]] Loop& loop() const noexcept { return loop_; }
  [[nodiscard]] const ConnectionLimits& limits() const noexcept { return limits_; }
  /// Returns the batch in which the answers to short requests leave.
  [[nodiscard]] OutputBatch& batch() noexcept { return batch_; }
  /// Returns the connections that are being closed in order.
  [[nodiscard]] OrderlyCloses& closes() noexcept { return closes_; }
  /// Returns the rests of responses that clients are slow to read.
  [[nodiscard]] ResponseTails& tails() noexcept { return tails_; }

 private:
  friend class ClientConnection;

  struct Queue {
    IntrusiveList<ClientConnection> connections;  // the longest waiting first
    std::size_t size = 0;
    std::size_t limit = 0;
  };

  /// Runs one of the functions below in the loop's next turn.
  class Turn final : public Runnable {
   public:
    using Function = void (ClientConnections::*)();
    Turn(ClientConnections& all, Function function) noexcept : all_(all), function_(function) {}
    void run() override { (all_.*function_)(); }

   private:
    ClientConnections& all_;
    Function function_;
  };

  std::size_t drop_idle(std::size_t count) noexcept;
  /// Calls serve_last() after the next turn's input, in which connections are accepted.
  class LastTurn final : public Timer {
   public:
    explicit LastTurn(ClientConnections& all) noexcept : all_(all) {}

   private:
    void on_timer() override { all_.serve_last(); }
    ClientConnections& all_;
  };

  void serve_ready();
  void on_input(ClientConnection& connection);
  void on_whole_body(ClientConnection& connection);
  void on_deadline(ClientConnection& connection);
  void on_stuck(ClientConnection& connection) noexcept;
  void refuse(std::unique_ptr<ClientConnection> connection);
  void answer_finally(std::unique_ptr<ClientConnection> connection, Response response);
  [[nodiscard]] bool is_paused() const noexcept;
  [[nodiscard]] bool has_waiting_bodies() const noexcept { return body_queue_.size > 0; }
  void add_to(Queue& queue, std::unique_ptr<ClientConnection> connection) noexcept;
  [[nodiscard]] bool has_place_in(Queue& queue);
  void look_through_queue();
  bool give_way(ClientConnection& connection);
  void serve_last();
  [[nodiscard]] Queue& queue_of(const ClientConnection& connection) noexcept;
  [[nodiscard]] ClientConnection* next_in_queues() noexcept;
  bool serve(ClientConnection& connection);
  std::unique_ptr<ClientConnection> take(ClientConnection& connection) noexcept;

  Loop& loop_;
  const ConnectionLimits& limits_;
  ConnectionCounters counters_;
  Cores& cores_;
  OutputBatch batch_;
  SlowCores slow_cores_{limits_.slow_cores};
  OrderlyCloses closes_{loop_, limits_.lingering};
  ResponseTails tails_{*this};
  bool keeps_ = true;
  bool is_using_cores_ = false;
  bool is_serving_ready_ = false;
  std::size_t count_ = 0;
  IntrusiveList<ClientConnection> reading_;  // the longest waiting first
  IntrusiveList<ClientConnection> ready_;    // their next request has arrived behind the last
  Queue queue_;
  Queue body_queue_;
  Queue last_queue_;  // counts for the limit of queue_
  TimePoint looked_through_at_ = TimePoint::min();
  Turn use_cores_{*this, &ClientConnections::use_free_cores};
  Turn serve_ready_{*this, &ClientConnections::serve_ready};
  LastTurn serve_last_{*this};
};

}  // namespace aiopyr::plugin

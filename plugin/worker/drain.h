#pragma once

#include <cstddef>
#include <functional>
#include <utility>

#include <aiopyr/plugin/connection/client_connections.h>
#include <aiopyr/runtime/async/loop/fd_watch.h>
#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/async/loop/timer.h>

namespace aiopyr::plugin {

/// Ends a worker in order: accepts nothing new, lets requests in flight be answered, tells views
/// (stopping()), and closes websockets with 1012 if another worker follows this one, else with
/// 1001; those whose handshake is in flight get that as soon as they are open. The closes are
/// spread over time, so that not all clients come back at once. The drain is over when nothing is
/// left, or after aiopyr-drain-timeout, and in any case before the master kills the worker
/// (worker-reload-mercy).
///
/// Connections whose clients have not sent a byte of a request are closed after a second.
///
/// On the loop's thread. DrainSignals receives what uWSGI asks for by a Unix signal.
class Drain final : public Timer {
 public:
  enum class Why { kReload, kStop };

  /// `stop_accepting` is called when the drain begins.
  Drain(ClientConnections& connections, std::function<void()> stop_accepting)
      : connections_(connections),
        loop_(connections.loop()),
        stop_accepting_(std::move(stop_accepting)) {}

  /// Begins in the loop's next turn. `exit_code` is that of the process in the end. Once it has
  /// begun, another call can only turn a reload into a stop, with that call's exit code.
  void begin(Why why, int exit_code);

  [[nodiscard]] bool has_begun() const noexcept { return begun_; }
  [[nodiscard]] bool is_over() const noexcept { return over_; }
  [[nodiscard]] int exit_code() const noexcept { return exit_code_; }
  /// Returns how long apps may take for their end (on_worker_stop), once this is over: a few
  /// seconds, or what the master's mercy has left. Requires: it is over.
  [[nodiscard]] Duration time_for_apps() const noexcept;

 private:
  void on_timer() override;
  void tell_everybody();
  void close_some();
  void give_up_websockets();
  [[nodiscard]] bool is_stop() const noexcept;

  [[nodiscard]] std::size_t open_requests() const noexcept;

  ClientConnections& connections_;
  Loop& loop_;
  std::function<void()> stop_accepting_;
  bool begun_ = false;
  bool over_ = false;
  int exit_code_ = 0;
  Why why_ = Why::kStop;
  TimePoint closes_from_{};
  TimePoint unasked_until_{};
  TimePoint gives_up_at_{};
  TimePoint deadline_{};
  std::size_t at_once_ = 0;
};

/// Returns the seconds that a drain may take: aiopyr-drain-timeout, or less if worker-reload-mercy
/// is shorter. The master kills a worker that takes longer than that.
double drain_seconds() noexcept;

/// Logs at the start that worker-reload-mercy leaves less than aiopyr-drain-timeout.
void warn_of_short_mercy();

/// Makes this worker note a signal that ends it, until DrainSignals are there to obey it. uWSGI's
/// handlers would exit() within whatever the signal has interrupted, which breaks the heap if that
/// was malloc. Called in the worker, as soon as uWSGI has set its own handlers.
void note_end_signals() noexcept;

/// SIGHUP, SIGTERM and SIGINT begin the drain from the loop, also where they have come before. A
/// SIGINT or SIGTERM a second or more after another one ends the process at once. SIGWINCH and
/// SIGTSTP, with which the master says that it has changed this worker's state, wake the loop, so
/// that it looks.
class DrainSignals final : public FdWatch {
 public:
  DrainSignals(Loop& loop, Drain& drain);

 private:
  void on_ready(FdEvents ready) override;

  Drain& drain_;
};

}  // namespace aiopyr::plugin

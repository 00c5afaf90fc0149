#pragma once

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include <aiopyr/runtime/async/fd_watch.h>
#include <aiopyr/runtime/async/loop.h>
#include <aiopyr/runtime/async/timer.h>
#include <aiopyr/websocket/websocket.h>

namespace aiopyr::plugin {

/// The end of a worker in order: nothing new is accepted, requests in flight are answered, views
/// are told (stopping()), websockets get a close frame, 1012 where a worker comes after this one,
/// else 1001. The closes are spread, so that not all clients come back at once. It is over when
/// nothing is left, or after aiopyr-drain-timeout.
///
/// Connections on which nothing is asked are closed after a second.
///
/// On the loop's thread. What uWSGI asks for by a Unix signal is taken by DrainSignals.
class Drain final : public Timer {
 public:
  enum class Why { kReload, kStop };

  /// `stop_accepting` is called when it begins.
  Drain(Loop& loop, std::function<void()> stop_accepting)
      : loop_(loop), stop_accepting_(std::move(stop_accepting)) {}

  /// In the loop's next turn; does nothing where it has begun. `exit_code` is for when it is over.
  void begin(Why why, int exit_code);

  [[nodiscard]] bool has_begun() const noexcept { return begun_; }
  [[nodiscard]] bool is_over() const noexcept { return over_; }
  [[nodiscard]] int exit_code() const noexcept { return exit_code_; }

 private:
  void on_timer() override;
  void tell_everybody();
  void close_some();

  Loop& loop_;
  std::function<void()> stop_accepting_;
  bool begun_ = false;
  bool over_ = false;
  int exit_code_ = 0;
  Why why_ = Why::kStop;
  TimePoint unasked_until_{};
  TimePoint deadline_{};
  std::vector<std::weak_ptr<Websocket>> to_close_;
  std::size_t at_once_ = 0;
};

/// SIGHUP, SIGTERM and SIGINT, which uWSGI would have exit() within whatever runs: they begin the
/// drain from the loop. A SIGINT or SIGTERM a second or more after another one ends the process at
/// once.
class DrainSignals final : public FdWatch {
 public:
  DrainSignals(Loop& loop, Drain& drain);

 private:
  void on_ready(FdEvents ready) override;

  Drain& drain_;
};

}  // namespace aiopyr::plugin

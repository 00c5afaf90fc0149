#pragma once

#include <memory>

#include <aiopyr/runtime/async/loop/loop.h>

struct ev_loop;

namespace aiopyr {

/// The loop of a worker process, over libev (epoll on Linux).
///
/// Make it after fork: an epoll descriptor that is shared with another process reports to both.
class EvLoop final : public Loop {
 public:
  EvLoop();
  ~EvLoop() override;

 private:
  void poll(std::optional<TimePoint> until) override;
  TimePoint read_clock() noexcept override { return Clock::now(); }
  void add_watch(FdWatch& watch) override;
  void remove_watch(FdWatch& watch) noexcept override;

  struct Alarm;

  void on_pending();
  void wake_at(TimePoint when);

  struct ev_loop* ev_;
  std::unique_ptr<Alarm> alarm_;
  bool is_woken_ = false;  // now() is the time after the wait
};

}  // namespace aiopyr

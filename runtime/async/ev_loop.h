#pragma once

#include <aiopyr/runtime/async/loop.h>

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
  void poll(std::optional<Duration> timeout) override;
  TimePoint read_clock() noexcept override { return Clock::now(); }
  void add_watch(FdWatch& watch) override;
  void remove_watch(FdWatch& watch) noexcept override;

  struct ev_loop* ev_;
};

}  // namespace aiopyr

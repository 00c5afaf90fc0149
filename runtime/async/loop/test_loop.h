#pragma once

#include <vector>

#include <aiopyr/runtime/async/loop/loop.h>

namespace aiopyr {

/// A loop for tests. Its clock moves only when nothing else can happen, and then straight to the
/// next deadline: an hour of timeouts takes no time, and always the same turns.
///
/// Watched descriptors and executor threads are real. A turn that would wait for ever throws
/// InvalidStateError instead, because nothing could end it.
class TestLoop final : public Loop {
 public:
  TestLoop();
  ~TestLoop() override;

  /// Moves the clock without waiting, as seen by a loop that was delayed.
  void advance(Duration by) noexcept { time_ += by; }

  /// Returns how many descriptors are watched now, without the loop's own wake-up.
  [[nodiscard]] std::size_t watch_count() const noexcept { return watches_.size() - 1; }

 private:
  void poll(std::optional<TimePoint> until) override;
  TimePoint read_clock() noexcept override { return time_; }
  void add_watch(FdWatch& watch) override { watches_.push_back(&watch); }
  void remove_watch(FdWatch& watch) noexcept override;

  bool poll_watches(bool wait_for_threads);
  [[nodiscard]] bool still_watches(const FdWatch* watch, int fd) const noexcept;

  TimePoint time_{std::chrono::hours(1)};
  std::vector<FdWatch*> watches_;
};

}  // namespace aiopyr

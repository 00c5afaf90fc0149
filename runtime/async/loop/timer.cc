#include <algorithm>

#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/async/loop/timer.h>

namespace aiopyr {

void Timer::start(Loop& loop, TimePoint when) {
  stop();
  loop.timers().add(*this, when);
  loop_ = &loop;
}

void Timer::start_after(Loop& loop, Duration delay) {
  start(loop, loop.read_clock() + std::min(delay, Seconds::longest()));
}

void Timer::stop() noexcept {
  if (!is_active()) return;
  loop_->timers().remove(*this);
  loop_ = nullptr;
}

void TimerHeap::add(Timer& timer, TimePoint when) {
  heap_.push_back({when, next_sequence_++, &timer});
  timer.index_ = heap_.size() - 1;
  sift_up(timer.index_);
}

void TimerHeap::remove(Timer& timer) noexcept {
  const std::size_t index = timer.index_;
  const Entry last = heap_.back();
  heap_.pop_back();
  if (last.timer == &timer) return;
  place(index, last);
  sift_up(index);
  sift_down(last.timer->index_);
}

void TimerHeap::fire(TimePoint now) {
  const std::uint64_t started_before = next_sequence_;
  while (!heap_.empty() && heap_.front().when <= now) {
    if (heap_.front().sequence >= started_before) return;
    Timer& timer = *heap_.front().timer;
    Loop& loop = *timer.loop_;
    timer.stop();
    try {
      timer.on_timer();
    } catch (...) {
      loop.handle_exception(std::current_exception(), "a timer");
    }
  }
}

void TimerHeap::clear() noexcept {
  while (!heap_.empty()) heap_.back().timer->stop();
}

void TimerHeap::place(std::size_t index, Entry entry) noexcept {
  heap_[index] = entry;
  entry.timer->index_ = index;
}

void TimerHeap::sift_up(std::size_t index) noexcept {
  const Entry entry = heap_[index];
  while (index > 0) {
    const std::size_t parent = (index - 1) / 2;
    if (!(entry < heap_[parent])) break;
    place(index, heap_[parent]);
    index = parent;
  }
  place(index, entry);
}

void TimerHeap::sift_down(std::size_t index) noexcept {
  const Entry entry = heap_[index];
  for (;;) {
    std::size_t child = 2 * index + 1;
    if (child >= heap_.size()) break;
    if (child + 1 < heap_.size() && heap_[child + 1] < heap_[child]) ++child;
    if (!(heap_[child] < entry)) break;
    place(index, heap_[child]);
    index = child;
  }
  place(index, entry);
}

}  // namespace aiopyr

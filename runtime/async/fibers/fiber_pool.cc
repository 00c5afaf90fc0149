#include <chrono>
#include <memory>
#include <utility>
#include <vector>

#include <aiopyr/runtime/async/fibers/fiber.h>
#include <aiopyr/runtime/async/fibers/fiber_pool.h>
#include <aiopyr/runtime/async/fibers/fiber_sanitizer.h>
#include <aiopyr/runtime/async/loop/loop.h>

namespace aiopyr {

FiberPool& Loop::fibers() {
  if (!fibers_) fibers_ = std::make_unique<FiberPool>(*counters_);
  return static_cast<FiberPool&>(*fibers_);
}

FiberPool::FiberPool(LoopCounters& counters) : counters_(&counters) {}

FiberPool::~FiberPool() {
  cancel_all();
  // Abandons a fiber that is parked behind a shield for an event that will not come any more,
  // together with its stack: objects on the stack must not be destroyed while they may still be in
  // use.
  for (auto& fiber : all_) {
    if (fiber->active_) static_cast<void>(fiber.release());
  }
}

void FiberPool::cancel_all() {
  // Repeats, since a fiber that unwinds may start another.
  const std::size_t capacity = std::exchange(capacity_, static_cast<std::size_t>(-1));
  for (std::size_t i = 0; i < all_.size(); ++i) all_[i]->cancel();
  capacity_ = capacity;
}

Fiber& FiberPool::take() {
  if (idle_.empty()) {
    const std::size_t size = detail::SanitizedStack::kBigFrames ? stack_size_ * 4 : stack_size_;
    idle_.reserve(all_.size() + 1);
    all_.push_back(std::unique_ptr<Fiber>(new Fiber(size)));
    idle_.push_back(all_.back().get());
  }
  Fiber* fiber = idle_.back();
  idle_.pop_back();
  counters_->fibers.set(static_cast<std::int64_t>(++in_use_));
  return *fiber;
}

void FiberPool::give_back(Fiber& fiber) noexcept {
  counters_->fibers.set(static_cast<std::int64_t>(--in_use_));
  note_stack_of(fiber);
  fiber.unlink();
  if (idle_.size() < capacity_) {
    idle_.push_back(&fiber);
    return;
  }
  std::erase_if(all_, [&](const auto& owned) { return owned.get() == &fiber; });
}

/// Limits a system call of a few microseconds to one per second; the stack keeps its deepest use.
void FiberPool::note_stack_of(Fiber& fiber) noexcept {
  const TimePoint now = fiber.loop().now();
  if (now - fiber.stack_seen_ < std::chrono::seconds(1)) return;
  fiber.stack_seen_ = now;
  counters_->stack_high_water.raise_to(static_cast<std::int64_t>(fiber.stack_used()));
}

}  // namespace aiopyr

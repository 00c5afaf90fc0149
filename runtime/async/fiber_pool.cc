#include <memory>
#include <utility>
#include <vector>

#include <aiopyr/runtime/async/fiber.h>
#include <aiopyr/runtime/async/fiber_pool.h>
#include <aiopyr/runtime/async/fiber_sanitizer.h>

namespace aiopyr {

FiberPool::FiberPool() = default;

FiberPool::~FiberPool() {
  cancel_all();
  // One that is parked behind a shield for something that will not come now is abandoned with its
  // stack: what is on it must not be destroyed under its feet.
  for (auto& fiber : all_) {
    if (fiber->active_) static_cast<void>(fiber.release());
  }
}

void FiberPool::cancel_all() {
  // None is given up meanwhile, and one that unwinds may start another.
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
  ++in_use_;
  return *fiber;
}

void FiberPool::give_back(Fiber& fiber) noexcept {
  --in_use_;
  fiber.unlink();
  if (idle_.size() < capacity_) {
    idle_.push_back(&fiber);
    return;
  }
  std::erase_if(all_, [&](const auto& owned) { return owned.get() == &fiber; });
}

}  // namespace aiopyr

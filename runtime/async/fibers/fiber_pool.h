#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include <aiopyr/runtime/async/loop/loop_counters.h>
#include <aiopyr/runtime/async/loop/loop_parts.h>

namespace aiopyr {

class Fiber;

/// The fibers of one loop: a fiber that has ended keeps its stack and waits here for the next body.
class FiberPool final : public detail::LoopFibers {
 public:
  /// Counts fibers and stacks in `counters`, which has to outlive the pool.
  explicit FiberPool(LoopCounters& counters);
  /// Cancels the fibers that still run.
  ~FiberPool() override;
  FiberPool(const FiberPool&) = delete;
  FiberPool& operator=(const FiberPool&) = delete;

  /// Sets the usable bytes of each stack made from now on; rounded up to whole pages, and doubled
  /// or more under sanitizers, whose frames are larger.
  void set_stack_size(std::size_t bytes) noexcept { stack_size_ = bytes; }
  [[nodiscard]] std::size_t stack_size() const noexcept { return stack_size_; }

  void set_counters(LoopCounters& counters) noexcept override { counters_ = &counters; }

  /// Sets how many ended fibers are kept for reuse at most.
  void set_capacity(std::size_t fibers) noexcept { capacity_ = fibers; }

  /// Returns how many fibers have a body now.
  [[nodiscard]] std::size_t in_use() const noexcept override { return in_use_; }

  /// Returns an idle fiber. Throws std::bad_alloc if there is no memory for its stack.
  Fiber& take();
  /// Takes back a fiber whose body has ended; destroys it if enough are idle.
  void give_back(Fiber& fiber) noexcept;

  /// Cancels every fiber that has a body. Root context only.
  void cancel_all() override;

 private:
  void note_stack_of(Fiber& fiber) noexcept;

  LoopCounters* counters_;
  std::size_t stack_size_ = std::size_t{256} * 1024;
  std::size_t capacity_ = 128;
  std::size_t in_use_ = 0;
  std::vector<std::unique_ptr<Fiber>> all_;
  std::vector<Fiber*> idle_;
};

}  // namespace aiopyr

#pragma once

#include <cstddef>

#include <aiopyr/runtime/async/loop/loop_counters.h>
#include <aiopyr/runtime/base/intrusive_list.h>

/// What a loop owns of the rooms above it, by the interfaces with which it ends them.
namespace aiopyr::detail {

/// A task that runs on its own: the loop lists it from its start to its end. Loop thread only.
class LoopTask : public ListHook {
 public:
  virtual ~LoopTask() = default;
  /// Ends the task and takes it off the list, in the root context, never from within the task.
  virtual void cancel_now() noexcept = 0;
};

/// The fibers of a loop (FiberPool). Loop thread only.
class LoopFibers {
 public:
  virtual ~LoopFibers() = default;
  /// Cancels every fiber that has a body. Root context only.
  virtual void cancel_all() = 0;
  /// Returns how many fibers have a body now.
  [[nodiscard]] virtual std::size_t in_use() const noexcept = 0;
  /// Counts there from now on; `counters` has to outlive the fibers.
  virtual void set_counters(LoopCounters& counters) noexcept = 0;
};

}  // namespace aiopyr::detail

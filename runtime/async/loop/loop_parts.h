#pragma once

#include <cstddef>

#include <aiopyr/runtime/async/loop/loop_counters.h>
#include <aiopyr/runtime/base/intrusive_list.h>

/// Interfaces with which a loop ends the parts of folders above this one that it owns.
namespace aiopyr::detail {

/// A task that runs on its own, listed by the loop from its start to its end. Loop thread only.
class LoopTask : public ListHook {
 public:
  virtual ~LoopTask() = default;
  /// Ends the task and removes it from the list. Root context only, never from within the task.
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
  /// Counts in `counters` from now on, which have to outlive the fibers.
  virtual void set_counters(LoopCounters& counters) noexcept = 0;
};

}  // namespace aiopyr::detail

#pragma once

#include <functional>
#include <vector>

#include <aiopyr/runtime/async/tasks/task.h>

namespace aiopyr {

class Registry;

namespace detail {

/// The work of an app on the loop of each worker before its first and after its last request.
class WorkerHooks {
 public:
  using Hook = std::function<Task<>(Registry&)>;

  /// Makes a hook of a function that does not wait.
  [[nodiscard]] static Hook plain(std::function<void(Registry&)> hook);

  void add_start(Hook hook) { start_.push_back(std::move(hook)); }
  void add_stop(Hook hook) { stop_.push_back(std::move(hook)); }

  /// Runs the start hooks, one after another, in the order in which they were added. An exception
  /// ends it.
  [[nodiscard]] Task<> start(Registry& registry) const;
  /// Runs the stop hooks, the last one first, then closes the registry's objects. Exceptions go to
  /// the loop's exception handler.
  [[nodiscard]] Task<> stop(Registry& registry) const;

 private:
  std::vector<Hook> start_;
  std::vector<Hook> stop_;
};

}  // namespace detail
}  // namespace aiopyr

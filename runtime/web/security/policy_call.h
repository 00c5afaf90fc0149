#pragma once

#include <type_traits>
#include <utility>

#include <aiopyr/runtime/async/fibers/deferred.h>
#include <aiopyr/runtime/async/fibers/fiber_wait.h>
#include <aiopyr/runtime/async/fibers/spawn_fiber.h>

namespace aiopyr::detail {

/// Calls a policy, which may call synchronized functions, from any context. On a fiber: at once. In
/// the root context: on a fiber of its own, when the result is awaited. In an executor's thread: at
/// once too, as most policies do not wait; those that do throw ScopeError. `f` keeps its arguments
/// until then.
template <class F>
auto call_policy(F f) -> Deferred<std::invoke_result_t<F&>> {
  using Value = std::invoke_result_t<F&>;
  if (current_context() == Context::kLoop) return Deferred<Value>(run_on_new_fiber(std::move(f)));
  return Deferred<Value>(f());
}

}  // namespace aiopyr::detail

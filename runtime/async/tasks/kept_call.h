#pragma once

#include <concepts>
#include <functional>
#include <tuple>
#include <type_traits>
#include <utility>

namespace aiopyr::detail {

/// Calls f, once, with arguments that were stored for it: moved if f accepts rvalues, as
/// std::thread does, else as lvalues. The arguments outlive the call.
template <class F, class... Args>
decltype(auto) kept_call(F& f, Args&... args) {
  if constexpr (std::invocable<F&, Args&&...>) {
    return std::invoke(f, std::forward<Args>(args)...);
  } else {
    return std::invoke(f, args...);
  }
}

template <class F, class... Args>
concept KeptInvocable = std::invocable<F&, Args&&...> || std::invocable<F&, Args&...>;

/// The decayed result of kept_call, a value that can be passed on.
template <class F, class... Args>
using KeptResult =
    std::decay_t<decltype(kept_call<F, Args...>(std::declval<F&>(), std::declval<Args&>()...))>;

/// Returns the call as a function without arguments, to be called once. Arguments are stored as
/// Args says: by value or, for an lvalue reference, by reference.
template <class F, class... Args>
auto bind_kept(F f, Args... args) {
  return [f = std::move(f), kept = std::tuple<Args...>(
                                std::forward<Args>(args)...)]() mutable -> KeptResult<F, Args...> {
    return std::apply([&](auto&... each) { return kept_call<F, Args...>(f, each...); }, kept);
  };
}

}  // namespace aiopyr::detail

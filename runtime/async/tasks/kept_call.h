#pragma once

#include <concepts>
#include <functional>
#include <tuple>
#include <type_traits>
#include <utility>

namespace aiopyr::detail {

/// Calls f, once, with arguments that were kept for it until now: moved where f takes them so, as
/// std::thread does, else as lvalues. They outlive the call.
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

/// What kept_call gives, as a value that can be handed on.
template <class F, class... Args>
using KeptResult =
    std::decay_t<decltype(kept_call<F, Args...>(std::declval<F&>(), std::declval<Args&>()...))>;

/// The call as a function without arguments, to be made once. Arguments are kept as Args says:
/// by value, or, for an lvalue reference, by reference.
template <class F, class... Args>
auto bind_kept(F f, Args... args) {
  return [f = std::move(f), kept = std::tuple<Args...>(
                                std::forward<Args>(args)...)]() mutable -> KeptResult<F, Args...> {
    return std::apply([&](auto&... each) { return kept_call<F, Args...>(f, each...); }, kept);
  };
}

}  // namespace aiopyr::detail

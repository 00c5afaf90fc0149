#pragma once

#include <type_traits>

namespace aiopyr::detail {

/// The type of the first parameter, with its reference, of a function or of a class with only one
/// way to call it: `typename FirstParameter<F>::type`. A generic lambda has none.
template <class F>
struct FirstParameter {};
template <class F>
requires requires { &F::operator(); }
struct FirstParameter<F> : FirstParameter<decltype(&F::operator())> {};
template <class R, class First, class... Rest>
struct FirstParameter<R (*)(First, Rest...)> {
  using type = First;
};
template <class R, class First, class... Rest>
struct FirstParameter<R (*)(First, Rest...) noexcept> : FirstParameter<R (*)(First, Rest...)> {};
template <class R, class C, class First, class... Rest>
struct FirstParameter<R (C::*)(First, Rest...)> : FirstParameter<R (*)(First, Rest...)> {};
template <class R, class C, class First, class... Rest>
struct FirstParameter<R (C::*)(First, Rest...) noexcept> : FirstParameter<R (*)(First, Rest...)> {};
template <class R, class C, class First, class... Rest>
struct FirstParameter<R (C::*)(First, Rest...) const> : FirstParameter<R (*)(First, Rest...)> {};
template <class R, class C, class First, class... Rest>
struct FirstParameter<R (C::*)(First, Rest...) const noexcept>
    : FirstParameter<R (*)(First, Rest...)> {};

/// The same type without reference, pointer and const.
template <class F>
using FirstParameterClass = std::remove_cv_t<
    std::remove_pointer_t<std::remove_reference_t<typename FirstParameter<F>::type>>>;

}  // namespace aiopyr::detail

#pragma once

#include <type_traits>

namespace aiopyr::detail {

/// The first parameter's type, with its reference, of a function or of a class that can be called
/// in one way only: `typename FirstParameter<F>::type`. There is none for a generic lambda.
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

/// The same without reference, pointer and const.
template <class F>
using FirstParameterClass = std::remove_cv_t<
    std::remove_pointer_t<std::remove_reference_t<typename FirstParameter<F>::type>>>;

}  // namespace aiopyr::detail

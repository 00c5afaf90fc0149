#pragma once

#include <concepts>
#include <exception>
#include <functional>
#include <type_traits>
#include <utility>

#include <aiopyr/runtime/async/tasks/task.h>
#include <aiopyr/runtime/base/describe.h>
#include <aiopyr/runtime/web/context/context_type.h>
#include <aiopyr/runtime/web/context/resource.h>
#include <aiopyr/runtime/web/request/request.h>
#include <aiopyr/runtime/web/views/first_parameter.h>
#include <aiopyr/runtime/web/views/view_result.h>

/// Passes the arguments of views: `(request)` or `(context, request)`, as each of them takes.
namespace aiopyr::detail {

[[noreturn]] void throw_context_mismatch(const std::type_info& expected, const Resource& context);

/// Returns the exception as an E, which lives as long as `error`; null if it is not an E.
template <class E>
E* exception_cast(const std::exception_ptr& error) noexcept {
  if (!error) return nullptr;
  try {
    std::rethrow_exception(error);
  } catch (E& exception) {
    return &exception;
  } catch (...) {
    return nullptr;
  }
}

/// Converts to the class of context that a view declares: that of a resource, a mixin of one or, in
/// an exception view, the exception. If the context is not of that class, the view does not match:
/// the answer is 404, as for a predicate's mismatch.
class ContextArgument {
 public:
  explicit ContextArgument(Resource& context) : context_(context) {}
  /// Makes the argument of a view of `request`, which may handle an exception.
  ContextArgument(Resource& context, const Request& request)
      : context_(context), exception_(&request.exception()) {}

  template <class T>
  requires std::is_polymorphic_v<T>
  operator T&() const {
    T* context = nullptr;
    if constexpr (std::is_base_of_v<std::exception, T>) {
      if (exception_ != nullptr) context = exception_cast<T>(*exception_);
    } else {
      context = dynamic_cast<T*>(&context_);
    }
    if (context == nullptr) throw_context_mismatch(typeid(T), context_);
    return *context;
  }
  template <class T>
  requires std::is_polymorphic_v<T>
  operator T*() const { return &static_cast<T&>(*this); }

 private:
  Resource& context_;
  const std::exception_ptr* exception_ = nullptr;
};

template <class F>
concept TakesRequest = std::invocable<const F&, Request&>;
template <class F>
concept TakesResource = std::invocable<const F&, Resource&, Request&>;
template <class F>
concept TakesContext = std::invocable<const F&, ContextArgument, Request&>;

/// Calls a function or lambda. Requires: context is not null.
template <class F>
requires TakesRequest<F> || TakesResource<F> || TakesContext<F>
decltype(auto) call_view(const F& view, Resource* context, Request& request) {
  if constexpr (TakesRequest<F>) {
    return std::invoke(view, request);
  } else if constexpr (TakesResource<F>) {
    return std::invoke(view, *context, request);
  } else {
    return std::invoke(view, ContextArgument(*context, request), request);
  }
}

/// Returns the class of context that a function or lambda declares; any if it declares none, or
/// all.
template <class F>
ContextType declared_context() {
  if constexpr (!TakesRequest<F> && requires { typename FirstParameter<F>::type; }) {
    using Context = FirstParameterClass<F>;
    if constexpr (std::is_polymorphic_v<Context> && !std::same_as<Context, Resource>) {
      return ContextType::of<Context>();
    }
  }
  return {};
}

template <class F>
using CallResult = decltype(call_view(std::declval<const F&>(), nullptr, std::declval<Request&>()));

template <class R>
struct IsViewReturn : std::bool_constant<ViewValue<std::remove_cvref_t<R>>> {};
template <class T>
struct IsViewReturn<Task<T>> : std::bool_constant<ViewValue<T>> {};

template <class F>
concept RequestView =
    !std::is_member_pointer_v<F> &&
    (TakesRequest<F> || TakesResource<F> || TakesContext<F>)&&IsViewReturn<CallResult<F>>::value;

template <class C>
concept ViewObject =
    std::constructible_from<C, Request&> || std::constructible_from<C, Resource&, Request&> ||
    std::constructible_from<C, ContextArgument, Request&>;

/// Makes the object of a class view. Requires: context is not null.
template <ViewObject C>
C make_view_object(Resource* context, Request& request) {
  if constexpr (std::constructible_from<C, Request&>) {
    return C(request);
  } else if constexpr (std::constructible_from<C, Resource&, Request&>) {
    return C(*context, request);
  } else {
    return C(ContextArgument(*context, request), request);
  }
}

template <class Method>
struct MethodClass {};
template <class R, class C>
struct MethodClass<R C::*> {
  using type = C;
};
template <class Method>
using ClassOf = typename MethodClass<Method>::type;

template <class C, class Method>
concept ViewMethodOf = ViewObject<C> && std::is_member_function_pointer_v<Method> &&
    std::invocable<Method, C&> && IsViewReturn<std::invoke_result_t<Method, C&>>::value;

template <class C>
concept CallableViewClass =
    ViewObject<C> && std::invocable<C&> && IsViewReturn<std::invoke_result_t<C&>>::value;

}  // namespace aiopyr::detail

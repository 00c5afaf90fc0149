#pragma once

#include <any>
#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include <aiopyr/runtime/async/fibers/fiber_wait.h>
#include <aiopyr/runtime/async/tasks/task.h>
#include <aiopyr/runtime/base/callable_name.h>
#include <aiopyr/runtime/web/context/context_type.h>
#include <aiopyr/runtime/web/views/mapper_ref.h>
#include <aiopyr/runtime/web/views/view_arguments.h>
#include <aiopyr/runtime/web/views/view_result.h>

/// Converts the things that may be a view to one type that mappers understand:
///
///   - a function or lambda, `(Request&)` or `(Context&, Request&)`. Context is Resource, a class
///     derived from it, a mixin of such a class or, in an exception view, the exception's class;
///     unless the registration names another, the view then serves contexts of that class. All
///     requests share its captures, so it is called as const;
///   - a pointer to a member function without parameters: an object of its class is made for each
///     call, from `(Request&)` or `(Context&, Request&)`, and kept until the view has ended;
///   - a class with `operator()()`, made in the same way.
///
/// Each returns a ViewValue or a Task of one; the latter is a coroutine view. A class may name its
/// mapper with `static MapperRef view_mapper()` (Pyramid's `__view_mapper__`). Other layers add
/// their callables by specializing ViewAdapter.
namespace aiopyr {

enum class ViewKind {
  kPlain,
  kCoroutine,
  kOther,  ///< for a mapper that knows the type in `other`
};

/// Calls a view for a request; the context is not null.
using ViewCall = std::function<ViewResult(Resource* context, Request& request)>;

/// A type-erased view. Immutable once mapped; called for many requests at a time.
struct ViewCallable {
  ViewKind kind = ViewKind::kOther;
  /// The name for messages and tables.
  std::string name;
  /// Runs a coroutine view on the loop, while the fiber that calls this waits for it.
  ViewCall on_loop;
  /// Calls a plain view.
  ViewCall plain;
  std::any other;
  /// The view's own mapper: used if the registration names none.
  MapperRef mapper;
  /// The class of contexts that it declares; any if it declares none.
  ContextType context;
  /// True if its type is never a Response, so that it needs a renderer.
  bool returns_value = false;
};

/// A class as a view: adapted by add_view<C>(...).
template <class C>
struct ViewClass {};

/// A method of C, or of a base of C, as a view: adapted by add_view<C>(&C::method, ...).
template <class C, class Method>
struct ViewMethod {
  Method method;
};

/// Makes a ViewCallable: `static ViewCallable adapt(F view)`. Specialize it, with a constraint, for
/// callables that this layer does not know.
template <class F>
struct ViewAdapter;

/// A type from which a view can be made. If the compiler says that this is not satisfied, the
/// callable's parameters or its result are not among those listed above.
template <class F>
concept Viewable = requires(F view) {
  { ViewAdapter<F>::adapt(std::move(view)) } -> std::same_as<ViewCallable>;
};

namespace detail {

/// Fails to compile, with a sentence about F, which is not Viewable. The compiler names F.
template <class F>
void refuse_view() {
  if constexpr (std::is_member_function_pointer_v<F>) {
    static_assert(
        kNever<F>,
        "this method is no view: a method that is a view has no parameters and gives what "
        "a view gives, and its class is constructed from (Request&) or "
        "(Context&, Request&)");
  } else if constexpr (TakesRequest<F> || TakesResource<F> || TakesContext<F>) {
    static_assert(kNever<F>,
                  "this view gives no answer: a view gives a Response, or a value for a renderer "
                  "(Json, TemplateValues, std::string), or a Task of one");
  } else {
    static_assert(kNever<F>,
                  "this is no view: a view takes (Request&) or (Context&, Request&) and gives a "
                  "Response or a value for a renderer, or a Task of one; a websocket view is a "
                  "Task<>(Websocket&) or a Task<>(Context&, Websocket&)");
  }
}
template <class C>
void refuse_view_class() {
  if constexpr (ViewObject<C>) {
    static_assert(
        kNever<C>,
        "this class is no view: a class that is a view has an operator()() without "
        "parameters that gives what a view gives: a Response or a value for a renderer, or "
        "a Task of one");
  } else {
    static_assert(kNever<C>,
                  "this class is no view: a class that is a view is constructed from (Request&) or "
                  "(Context&, Request&), that of a websocket view, derived from "
                  "WebsocketConnectionView, from (Resource&, const HandshakeInfo&)");
  }
}

/// Makes a ViewCallable of a view; fails to compile, with a sentence about the fault, if it cannot.
template <class F>
ViewCallable adapt_view(F view) {
  if constexpr (Viewable<F>) {
    return ViewAdapter<F>::adapt(std::move(view));
  } else {
    refuse_view<F>();
    return {};
  }
}
/// Makes a ViewCallable of a class whose objects are called.
template <class C>
ViewCallable adapt_view_class() {
  if constexpr (Viewable<ViewClass<C>>) {
    return ViewAdapter<ViewClass<C>>::adapt({});
  } else {
    refuse_view_class<C>();
    return {};
  }
}

/// Fill a ViewCallable: the part that no view's type matters to, compiled once.
[[nodiscard]] ViewCallable plain_view(std::string name, ViewCall call, bool returns_value,
                                      ContextType context);
[[nodiscard]] ViewCallable coroutine_view(std::string name, ViewCall call, bool returns_value,
                                          ContextType context);

/// Makes a ViewCallable of a callable of (context, request) that returns T.
template <ViewValue T, class Call>
ViewCallable make_plain_view(std::string name, Call call, ContextType declared = {}) {
  return plain_view(
      std::move(name),
      [call = std::move(call)](Resource* context, Request& request) {
        return to_view_result(call(context, request));
      },
      !kMayBeResponse<T>, declared);
}

/// Makes a ViewCallable of a callable that returns a task of T.
template <ViewValue T, class Call>
ViewCallable make_coroutine_view(std::string name, Call call, ContextType declared = {}) {
  ViewCall on_loop = [call = std::move(call), callee = name](Resource* context, Request& request) {
    return to_view_result(wait_on_fiber_for([&] { return call(context, request); }, callee));
  };
  return coroutine_view(std::move(name), std::move(on_loop), !kMayBeResponse<T>, declared);
}

// Silences g++ 12: it looks for a vtable in an object of an empty class, since a pointer to a
// member might be that of a virtual function, and warns about what it would find there.
#ifndef __clang__
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Warray-bounds"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
template <class C, class Method>
auto call_method(Method method, C& object) -> std::invoke_result_t<Method, C&> {
  if constexpr (std::is_member_function_pointer_v<Method>) {
    return (object.*method)();
  } else {
    return method(object);
  }
}
#ifndef __clang__
#pragma GCC diagnostic pop
#endif

template <class C, class Method>
auto run_method(Method method, Resource* context, Request& request)
    -> std::invoke_result_t<Method, C&> {
  C object = make_view_object<C>(context, request);
  co_return co_await call_method(method, object);
}

/// Makes a ViewCallable of a method, without the mapper that its class may name.
template <class C, class Method>
ViewCallable make_method_view(Method method) {
  using Result = std::invoke_result_t<Method, C&>;
  if constexpr (AnyTask<Result>) {
    return make_coroutine_view<typename Result::value_type>(
        type_name(typeid(C)), [method](Resource* context, Request& request) {
          return run_method<C>(method, context, request);
        });
  } else {
    return make_plain_view<std::remove_cvref_t<Result>>(
        type_name(typeid(C)), [method](Resource* context, Request& request) {
          C object = make_view_object<C>(context, request);
          return call_method(method, object);
        });
  }
}

template <class C, class Method>
ViewCallable adapt_method(Method method) {
  ViewCallable view = make_method_view<C>(method);
  if constexpr (requires { MapperRef(C::view_mapper()); }) view.mapper = C::view_mapper();
  return view;
}

}  // namespace detail

/// Adapts functions and lambdas.
template <class F>
requires detail::RequestView<F>
struct ViewAdapter<F> {
  static ViewCallable adapt(F f) {
    using Result = detail::CallResult<F>;
    std::string name = callable_name(f);
    // Shared, so that a view may hold members that cannot be copied.
    auto view = std::make_shared<const F>(std::move(f));
    const auto call = [view](Resource* context, Request& request) {
      return detail::call_view(*view, context, request);
    };
    if constexpr (AnyTask<Result>) {
      return detail::make_coroutine_view<typename Result::value_type>(
          std::move(name), call, detail::declared_context<F>());
    } else {
      return detail::make_plain_view<std::remove_cvref_t<Result>>(std::move(name), call,
                                                                  detail::declared_context<F>());
    }
  }
};

/// Adapts methods of a class, or of the class that the pointer names.
template <class C, class Method>
requires detail::ViewMethodOf<C, Method>
struct ViewAdapter<ViewMethod<C, Method>> {
  static ViewCallable adapt(ViewMethod<C, Method> view) {
    return detail::adapt_method<C>(view.method);
  }
};
template <class Method>
requires detail::ViewMethodOf<detail::ClassOf<Method>, Method>
struct ViewAdapter<Method> {
  static ViewCallable adapt(Method method) {
    return detail::adapt_method<detail::ClassOf<Method>>(method);
  }
};

/// Adapts classes whose objects are called.
template <class C>
requires detail::CallableViewClass<C>
struct ViewAdapter<ViewClass<C>> {
  static ViewCallable adapt(ViewClass<C>) {
    return detail::adapt_method<C>([](C& object) { return object(); });
  }
};

}  // namespace aiopyr

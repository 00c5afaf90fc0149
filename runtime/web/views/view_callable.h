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

/// What may be a view, and how it becomes one thing that mappers understand.
///
///   - a function or lambda, `(Request&)` or `(Context&, Request&)`, Context being Resource, a
///   class
///     derived from it, a mixin of such a class, or in an exception view the exception's class;
///     unless the registration says more, it then serves contexts of that class; what it captures
///     is shared by all requests, so it is called as const;
///   - a pointer to a member function without parameters: an object of its class is made for each
///     call, from `(Request&)` or `(Context&, Request&)`, and kept until the view has ended;
///   - a class with `operator()()`, made likewise.
///
/// Each gives a ViewValue, or a Task of one, and is then a coroutine. A class may name its mapper
/// with `static MapperRef view_mapper()` (Pyramid's `__view_mapper__`). Other layers add callables
/// of their own by specializing ViewAdapter.
namespace aiopyr {

enum class ViewKind {
  kPlain,
  kCoroutine,
  kOther,  ///< for a mapper that knows what is in `other`
};

/// A view without its type. Immutable once mapped; called for many requests at a time.
struct ViewCallable {
  ViewKind kind = ViewKind::kOther;
  /// For messages and tables.
  std::string name;
  /// Runs a coroutine view on the loop, while the fiber that calls this waits for it.
  std::function<ViewResult(Resource*, Request&)> on_loop;
  /// Calls a plain view.
  std::function<ViewResult(Resource*, Request&)> plain;
  std::any other;
  /// The view's own mapper: used where the registration names none.
  MapperRef mapper;
  /// The class of contexts that it declares to take; any where it declares none.
  ContextType context;
  /// It never gives a Response, by its type, so it needs a renderer.
  bool returns_value = false;
};

/// A class as a view: what add_view<C>(...) adapts.
template <class C>
struct ViewClass {};

/// A method of C, or of a base of C, as a view: what add_view<C>(&C::method, ...) adapts.
template <class C, class Method>
struct ViewMethod {
  Method method;
};

/// Makes a ViewCallable: `static ViewCallable adapt(F view)`. Specialize it, with a constraint, for
/// callables that this layer does not know.
template <class F>
struct ViewAdapter;

/// There is a way to make a view of an F: where the compiler says that this is not satisfied, the
/// callable's parameters or its result are none of those listed above.
template <class F>
concept Viewable = requires(F view) {
  { ViewAdapter<F>::adapt(std::move(view)) } -> std::same_as<ViewCallable>;
};

namespace detail {

/// Fails to compile, with a sentence about F, which is not Viewable. The compiler says what F is.
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

/// Makes a ViewCallable of a view, or fails to compile with a sentence that says what it lacks.
template <class F>
ViewCallable adapt_view(F view) {
  if constexpr (Viewable<F>) {
    return ViewAdapter<F>::adapt(std::move(view));
  } else {
    refuse_view<F>();
    return {};
  }
}
/// The same for a class that is called.
template <class C>
ViewCallable adapt_view_class() {
  if constexpr (Viewable<ViewClass<C>>) {
    return ViewAdapter<ViewClass<C>>::adapt({});
  } else {
    refuse_view_class<C>();
    return {};
  }
}

/// A callable of (context, request) that gives T, as a ViewCallable.
template <ViewValue T, class Call>
ViewCallable make_plain_view(std::string name, Call call) {
  ViewCallable view;
  view.kind = ViewKind::kPlain;
  view.name = std::move(name);
  view.returns_value = !kMayBeResponse<T>;
  view.plain = [call = std::move(call)](Resource* context, Request& request) {
    return to_view_result(call(context, request));
  };
  return view;
}

/// The same for a callable that makes a task which gives T.
template <ViewValue T, class Call>
ViewCallable make_coroutine_view(std::string name, Call call) {
  ViewCallable view;
  view.kind = ViewKind::kCoroutine;
  view.name = std::move(name);
  view.returns_value = !kMayBeResponse<T>;
  view.on_loop = [call = std::move(call), callee = view.name](Resource* context, Request& request) {
    return to_view_result(wait_on_fiber_for([&] { return call(context, request); }, callee));
  };
  return view;
}

// g++ 12 looks for a vtable in an object of an empty class where a pointer to a member might be of
// a virtual one, and warns of what it would find there.
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

template <class C, class Method>
ViewCallable adapt_method(Method method) {
  using Result = std::invoke_result_t<Method, C&>;
  ViewCallable view;
  if constexpr (AnyTask<Result>) {
    view = make_coroutine_view<typename Result::value_type>(
        type_name(typeid(C)), [method](Resource* context, Request& request) {
          return run_method<C>(method, context, request);
        });
  } else {
    view = make_plain_view<std::remove_cvref_t<Result>>(
        type_name(typeid(C)), [method](Resource* context, Request& request) {
          C object = make_view_object<C>(context, request);
          return call_method(method, object);
        });
  }
  if constexpr (requires { MapperRef(C::view_mapper()); }) view.mapper = C::view_mapper();
  return view;
}

}  // namespace detail

/// Functions and lambdas.
template <class F>
requires detail::RequestView<F>
struct ViewAdapter<F> {
  static ViewCallable adapt(F f) {
    using Result = detail::CallResult<F>;
    std::string name = callable_name(f);
    // Shared, so that a view may hold what cannot be copied.
    auto view = std::make_shared<const F>(std::move(f));
    ViewCallable callable;
    if constexpr (AnyTask<Result>) {
      callable = detail::make_coroutine_view<typename Result::value_type>(
          std::move(name), [view](Resource* context, Request& request) {
            return detail::call_view(*view, context, request);
          });
    } else {
      callable = detail::make_plain_view<std::remove_cvref_t<Result>>(
          std::move(name), [view](Resource* context, Request& request) {
            return detail::call_view(*view, context, request);
          });
    }
    callable.context = detail::declared_context<F>();
    return callable;
  }
};

/// Methods of a class, or of the class that the pointer names.
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

/// Classes that are called.
template <class C>
requires detail::CallableViewClass<C>
struct ViewAdapter<ViewClass<C>> {
  static ViewCallable adapt(ViewClass<C>) {
    return detail::adapt_method<C>([](C& object) { return object(); });
  }
};

}  // namespace aiopyr

#pragma once

#include <concepts>
#include <functional>
#include <type_traits>
#include <utility>

#include <aiopyr/runtime/web/registry/events.h>
#include <aiopyr/runtime/web/registry/tweens.h>
#include <aiopyr/runtime/web/registry/worker_hooks.h>
#include <aiopyr/runtime/web/routing/predicate_list.h>
#include <aiopyr/runtime/web/views/first_parameter.h>
#include <aiopyr/runtime/web/views/view_callable.h>
#include <aiopyr/runtime/web/views/view_derivers.h>

/// Convert what an app hands to its Configurator to the one type that the registry keeps. Each
/// fails to compile, with a sentence about the fault, for a callable of another form. Internal to
/// config.
namespace aiopyr::detail {

template <class F>
ViewDeriver to_view_deriver(F deriver) {
  if constexpr (std::is_invocable_r_v<ViewFunction, const F&, ViewFunction,
                                      const ViewDeriverInfo&>) {
    return ViewDeriver(std::move(deriver));
  } else {
    static_assert(kNever<F>,
                  "this is no view deriver: one takes (ViewFunction view, const ViewDeriverInfo&) "
                  "and gives the ViewFunction to call in its place");
    return {};
  }
}

template <class F>
TweenFactory to_tween_factory(F factory) {
  if constexpr (std::is_invocable_r_v<Handler, const F&, Handler, Registry&>) {
    return TweenFactory(std::move(factory));
  } else {
    static_assert(kNever<F>,
                  "this is no tween: one takes (Handler next, Registry&) and gives a Handler, "
                  "which takes (Request&) and gives a Response");
    return {};
  }
}

template <class F>
PredicateFactory to_predicate_factory(F factory) {
  if constexpr (std::convertible_to<F, PredicateFactory>) {
    return factory;
  } else {
    static_assert(kNever<F>,
                  "this is no predicate: its factory takes (const StringList& value), what "
                  "`.predicates` says, and gives a Predicate");
    return {};
  }
}

/// Returns what adds the subscriber to an app's.
template <class F>
std::function<void(Subscribers&)> to_subscription(F subscriber) {
  if constexpr (requires { typename FirstParameter<F>::type; }) {
    using E = FirstParameterClass<F>;
    return [subscriber = std::function<void(const E&)>(std::move(subscriber))](
               Subscribers& subscribers) { subscribers.add<E>(subscriber); };
  } else {
    static_assert(kNever<F>,
                  "this is no subscriber: one takes the event, as in `[](const NewRequest& "
                  "event)`; its parameter says which events it gets, so `auto` will not do");
    return {};
  }
}

template <class F>
WorkerHooks::Hook to_worker_hook(F hook) {
  if constexpr (CoroutineFunction<F&, Registry&>) {
    return hook;
  } else if constexpr (std::invocable<F&, Registry&>) {
    return WorkerHooks::plain(std::move(hook));
  } else {
    static_assert(kNever<F>,
                  "this is no hook of a worker: one takes (Registry&), and may be a coroutine");
    return {};
  }
}

}  // namespace aiopyr::detail

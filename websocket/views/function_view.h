#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

#include <aiopyr/runtime/async/tasks/task.h>
#include <aiopyr/runtime/base/callable_name.h>
#include <aiopyr/runtime/web/views/view_callable.h>
#include <aiopyr/websocket/session/handler.h>
#include <aiopyr/websocket/session/websocket.h>

/// Websocket views, for Configurator::add_view with one of the two websocket mappers:
///
///   - a coroutine function or lambda, `Task<>(Websocket&)` or `Task<>(Context&, Websocket&)`.
///     Context is Resource, a class derived from it or a mixin of one; all connections share its
///     captures, so it is called as const;
///   - a class derived from WebsocketConnectionView (connection_view.h): add_view<C>(...).
///
/// A context of another class than the view's is answered with 404, before the 101.
namespace aiopyr {

/// Makes the handler of one connection. On the request's fiber, before the 101; the context is not
/// null. Stored in ViewCallable::other.
using WebsocketHandlerFactory =
    std::function<std::unique_ptr<WebsocketHandler>(Resource* context, const HandshakeInfo&)>;

namespace detail {

template <class F>
concept TakesWebsocket = std::is_invocable_r_v < Task<>,
const F&, Websocket& > ;

template <class F>
concept TakesContextAndWebsocket =
    std::is_polymorphic_v<FirstParameterClass<F>> && std::is_invocable_r_v < Task<>,
const F&, FirstParameterClass<F>&, Websocket& > ;

template <class F>
concept WebsocketViewFunction =
    !RequestView<F> && (TakesWebsocket<F> || TakesContextAndWebsocket<F>);

/// One connection's run of a function that all connections share.
template <class F>
class FunctionHandler final : public WebsocketHandler {
 public:
  explicit FunctionHandler(std::shared_ptr<const F> view) noexcept : view_(std::move(view)) {}
  [[nodiscard]] bool needs_context() const noexcept override { return false; }
  Task<> run(Websocket& websocket) override { return std::invoke(*view_, websocket); }

 private:
  std::shared_ptr<const F> view_;
};

template <class F, class C>
class ContextHandler final : public WebsocketHandler {
 public:
  ContextHandler(std::shared_ptr<const F> view, C& context) noexcept
      : view_(std::move(view)), context_(context) {}
  Task<> run(Websocket& websocket) override { return std::invoke(*view_, context_, websocket); }

 private:
  std::shared_ptr<const F> view_;
  C& context_;
};

inline ViewCallable make_websocket_view(std::string name, WebsocketHandlerFactory factory) {
  ViewCallable view;
  view.kind = ViewKind::kOther;
  view.name = std::move(name);
  view.other = std::move(factory);
  return view;
}

}  // namespace detail

/// Adapts functions and lambdas.
template <class F>
requires detail::WebsocketViewFunction<F>
struct ViewAdapter<F> {
  static ViewCallable adapt(F f) {
    std::string name = callable_name(f);
    auto view = std::make_shared<const F>(std::move(f));
    if constexpr (detail::TakesWebsocket<F>) {
      return detail::make_websocket_view(std::move(name), [view](Resource*, const HandshakeInfo&) {
        return std::make_unique<detail::FunctionHandler<F>>(view);
      });
    } else {
      using Declared = detail::FirstParameterClass<F>;
      ViewCallable callable = detail::make_websocket_view(
          std::move(name), [view](Resource* context, const HandshakeInfo&) {
            auto* declared = dynamic_cast<Declared*>(context);
            if (declared == nullptr) detail::throw_context_mismatch(typeid(Declared), *context);
            return std::make_unique<detail::ContextHandler<F, Declared>>(view, *declared);
          });
      if constexpr (!std::same_as<Declared, Resource>) {
        callable.context = ContextType::of<Declared>();
      }
      return callable;
    }
  }
};

}  // namespace aiopyr

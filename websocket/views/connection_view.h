#pragma once

#include <concepts>
#include <cstdint>
#include <exception>
#include <memory>
#include <string_view>

#include <aiopyr/websocket/views/function_view.h>

namespace aiopyr {

/// A websocket view as a class, one object per connection: aiopyramid's WebsocketConnectionView.
///
///     struct Echo : WebsocketConnectionView {
///       using WebsocketConnectionView::WebsocketConnectionView;
///       Task<> on_message(Message message) override { co_await send(message); }
///     };
///     config.add_view<Echo>({.route_name = "echo", .mapper = WebsocketMapper{}});
///
/// Constructed on the request's fiber before the 101, from (context, request), where the context is
/// Resource or a class derived from it. An HttpException of the constructor refuses the handshake.
/// All callbacks run in the root context, one after the other. A class may name its mapper with
/// `static MapperRef view_mapper()`.
class WebsocketConnectionView : public WebsocketHandler {
 public:
  WebsocketConnectionView(Resource& context, const HandshakeInfo& request) noexcept
      : context_(&context), request_(&request) {}
  WebsocketConnectionView(const WebsocketConnectionView&) = delete;
  WebsocketConnectionView& operator=(const WebsocketConnectionView&) = delete;

  /// Called once, before the first message.
  virtual Task<> on_open();
  /// Called for each message, in order; the next one waits until this has ended.
  virtual Task<> on_message(Message message) = 0;
  /// Called once, when no more messages come or one of the others has thrown, with the peer's code:
  /// 1005 for a close without a code, 1006 for none. Not called if the connection is cancelled, as
  /// when the loop ends: use the destructor for what must happen even then.
  virtual Task<> on_close(std::uint16_t code, std::string_view reason);

  [[nodiscard]] Resource& context() const noexcept { return *context_; }
  [[nodiscard]] const HandshakeInfo& request() const noexcept { return *request_; }
  /// Returns the websocket, from on_open() on.
  [[nodiscard]] Websocket& ws() const noexcept { return *websocket_; }

  /// Sends by ws().send(...).
  auto send(const Message& message) { return websocket_->send(message); }
  auto send(std::string_view text) { return websocket_->send(text); }
  auto send(const char* text) { return websocket_->send(text); }
  auto send(const std::string& text) { return websocket_->send(text); }

  Task<> run(Websocket& websocket) final;

 private:
  Resource* context_;
  const HandshakeInfo* request_;
  Websocket* websocket_ = nullptr;
};

namespace detail {

template <class C>
concept ConnectionViewClass = std::derived_from<C, WebsocketConnectionView> &&
    (std::constructible_from<C, Resource&, const HandshakeInfo&> ||
     std::constructible_from<C, ContextArgument, const HandshakeInfo&>);

template <ConnectionViewClass C>
std::unique_ptr<WebsocketHandler> make_connection_view(Resource* context,
                                                       const HandshakeInfo& request) {
  if constexpr (std::constructible_from<C, Resource&, const HandshakeInfo&>) {
    return std::make_unique<C>(*context, request);
  } else {
    return std::make_unique<C>(ContextArgument(*context), request);
  }
}

}  // namespace detail

template <class C>
requires detail::ConnectionViewClass<C>
struct ViewAdapter<ViewClass<C>> {
  static ViewCallable adapt(ViewClass<C>) {
    auto view = detail::make_websocket_view(type_name(typeid(C)), detail::make_connection_view<C>);
    if constexpr (requires { MapperRef(C::view_mapper()); }) view.mapper = C::view_mapper();
    return view;
  }
};

}  // namespace aiopyr

#include <memory>
#include <utility>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/httpexceptions.h>
#include <aiopyr/runtime/web/native_websocket.h>
#include <aiopyr/runtime/web/request.h>
#include <aiopyr/websocket/errors.h>
#include <aiopyr/websocket/mapper.h>
#include <aiopyr/websocket/native_session.h>
#include <aiopyr/websocket/opening.h>
#include <aiopyr/websocket/uwsgi_mapper.h>

namespace aiopyr {
namespace {

[[noreturn]] void serve(const WebsocketHandlerFactory& factory,
                        const UWSGIWebsocketOptions& options, const websocket::Endpoint& endpoint,
                        Resource* context, Request& request) {
  NativeWebsocket* native = request.environ().native_websocket();
  if (native == nullptr) {
    throw HTTPNotImplemented("this server has no websocket engine of its own: use WebsocketMapper");
  }
  const auto outcome = websocket::check_request(
      request, options.origins.value_or(WebsocketMapper::origins), options.subprotocols);
  auto opening = websocket::prepare(factory, context, request, outcome);
  if (!native->handshake(outcome.subprotocol)) {
    throw ClientDisconnected("the client left during the websocket's handshake");
  }
  const bool use_str = options.use_str.value_or(UWSGIWebsocketMapper::use_str);
  const auto session =
      std::make_shared<websocket::NativeSession>(*native, std::move(opening), use_str, endpoint);
  throw WebsocketClosed(session->run());
}

}  // namespace

MappedView UWSGIWebsocketMapper::map(ViewCallable view) const {
  auto factory = websocket::take_handler_factory(view, name());
  return [factory = std::move(factory), options = options_,
          endpoint = websocket::make_endpoint(view.name, options_)](
             Resource* context, Request& request) -> ViewResult {
    serve(factory, options, endpoint, context, request);
  };
}

}  // namespace aiopyr

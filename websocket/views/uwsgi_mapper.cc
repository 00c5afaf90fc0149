#include <memory>
#include <utility>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/runtime/web/request/native_websocket.h>
#include <aiopyr/runtime/web/request/request.h>
#include <aiopyr/websocket/connection/uwsgi_session.h>
#include <aiopyr/websocket/session/errors.h>
#include <aiopyr/websocket/views/defaults.h>
#include <aiopyr/websocket/views/opening.h>
#include <aiopyr/websocket/views/uwsgi_mapper.h>

namespace aiopyr {
namespace {

[[noreturn]] void serve(const WebsocketHandlerFactory& factory,
                        const UWSGIWebsocketOptions& options,
                        const std::shared_ptr<const websocket::Endpoint>& endpoint,
                        Resource* context, Request& request) {
  NativeWebsocket* engine = request.environ().native_websocket();
  if (engine == nullptr) {
    throw HTTPNotImplemented("this server has no websocket engine of its own: use WebsocketMapper");
  }
  const auto defaults = websocket::defaults_of(request.registry());
  const auto outcome = websocket::check_request(request, options.origins.value_or(defaults.origins),
                                                options.subprotocols);
  auto opening = websocket::prepare(factory, context, request, outcome);
  if (!engine->handshake(outcome.subprotocol)) {
    throw ClientDisconnected("the client left during the websocket's handshake");
  }
  const bool use_str = options.use_str.value_or(defaults.use_str);
  const auto session =
      std::make_shared<websocket::UwsgiSession>(*engine, std::move(opening), use_str, endpoint);
  throw WebsocketClosed(session->run());
}

}  // namespace

MappedView UWSGIWebsocketMapper::map(ViewCallable view) const {
  auto factory = websocket::take_handler_factory(view, name());
  return [factory = std::move(factory), options = options_,
          endpoint = std::make_shared<const websocket::Endpoint>(websocket::make_endpoint(
              view.name, options_))](Resource* context, Request& request) -> ViewResult {
    serve(factory, options, endpoint, context, request);
  };
}

}  // namespace aiopyr

#include <any>

#include <aiopyr/runtime/async/waits/event.h>
#include <aiopyr/runtime/async/waits/stopping.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/runtime/web/request/request.h>
#include <aiopyr/websocket/views/opening.h>

namespace aiopyr::websocket {
namespace {

/// Returns whether the head announces a body: none of it need have arrived.
bool has_body(const Request& request) {
  const std::string_view length = trim_whitespace(request.header("Content-Length"));
  const bool is_empty = length.find_first_not_of('0') == std::string_view::npos;
  return !is_empty || !request.header("Transfer-Encoding").empty();
}

HandshakeRequest handshake_of(const Request& request, const std::string& host) {
  HandshakeRequest handshake;
  handshake.method = request.method();
  handshake.http_version = request.http_version();
  handshake.upgrade = request.header("Upgrade");
  handshake.connection = request.header("Connection");
  handshake.key = request.header("Sec-WebSocket-Key");
  handshake.version = request.header("Sec-WebSocket-Version");
  handshake.protocols = request.header("Sec-WebSocket-Protocol");
  handshake.extensions = request.header("Sec-WebSocket-Extensions");
  handshake.origin = request.header("Origin");
  // Passes on https only: http may be https up to a proxy in front of us.
  if (request.scheme() == "https") handshake.scheme = request.scheme();
  handshake.host = host;
  handshake.has_body = has_body(request);
  return handshake;
}

void refuse(const HandshakeOutcome& outcome) {
  const auto refusal = exception_response(outcome.status, std::string(message_for(outcome.error)));
  for (const auto& [name, value] : outcome.headers) refusal->headers().set(name, value);
  refusal->raise();
}

}  // namespace

WebsocketHandlerFactory take_handler_factory(const ViewCallable& view, const std::string& mapper) {
  const auto* factory = std::any_cast<WebsocketHandlerFactory>(&view.other);
  if (view.kind == ViewKind::kOther && factory != nullptr) return *factory;
  throw ConfigurationError(view.name + " is not a websocket view, as " + mapper +
                           " needs it: make it a Task<>(Websocket&) or a WebsocketConnectionView, "
                           "or give it a mapper for requests");
}

HandshakeOutcome check_request(Request& request, const std::string& origins,
                               const std::vector<std::string>& subprotocols,
                               const std::optional<PermessageDeflate>& compression) {
  if (stopping().is_set()) {
    throw HTTPServiceUnavailable("the server is about to stop or to restart");
  }
  const std::string host = request.host();
  auto outcome = check_handshake(handshake_of(request, host),
                                 {OriginPolicy::from_setting(origins), subprotocols, compression});
  if (!outcome.accepted()) refuse(outcome);
  return outcome;
}

Opening prepare(const WebsocketHandlerFactory& factory, Resource* context, Request& request,
                const HandshakeOutcome& outcome) {
  Opening opening;
  const std::string_view extensions =
      outcome.compression ? std::string_view(outcome.compression->response) : std::string_view();
  auto info = std::make_unique<HandshakeInfo>(request, outcome.subprotocol, extensions);
  opening.handler = factory(context, *info);
  if (!opening.handler->needs_context()) info->forget_context();
  opening.info = std::move(info);
  return opening;
}

}  // namespace aiopyr::websocket

#pragma once

#include <optional>
#include <string>
#include <vector>

#include <aiopyr/runtime/web/views/view_callable.h>
#include <aiopyr/websocket/protocol/handshake.h>
#include <aiopyr/websocket/session/opening.h>
#include <aiopyr/websocket/views/function_view.h>

/// The steps of both mappers before a websocket is open. On the request's fiber.
namespace aiopyr::websocket {

/// Returns the view's factory. Throws ConfigurationError if it is not a websocket view.
[[nodiscard]] WebsocketHandlerFactory take_handler_factory(const ViewCallable& view,
                                                           const std::string& mapper);

/// Checks the request's handshake; throws a refusal as the HttpException of its status.
[[nodiscard]] HandshakeOutcome check_request(
    Request& request, const std::string& origins, const std::vector<std::string>& subprotocols,
    const std::optional<PermessageDeflate>& compression = {});

/// Makes the connection's handler. Throws the exceptions of the view's constructor, and
/// HTTPNotFound if the context is of another class.
[[nodiscard]] Opening prepare(const WebsocketHandlerFactory& factory, Resource* context,
                              Request& request, const HandshakeOutcome& outcome);

}  // namespace aiopyr::websocket

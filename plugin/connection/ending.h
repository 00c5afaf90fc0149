#pragma once

#include <functional>
#include <memory>
#include <string>
#include <variant>

#include <aiopyr/plugin/connection/client_connection.h>
#include <aiopyr/plugin/connection/client_connections.h>
#include <aiopyr/plugin/connection/outgoing_body.h>
#include <aiopyr/runtime/async/transport/transport.h>

namespace aiopyr::plugin {

/// What becomes of a connection once its request has given its core back: one of these. In all but
/// the first its stream is not lent any more.
namespace ending {

/// uWSGI closes it, with the request.
struct ByUwsgi {};
/// It waits for its client: for the rest of a request, or for the next one.
struct Kept {};
/// The rest of a response leaves; then it waits for the next request, where `keep`, or is closed.
struct WithRest {
  OutgoingBody body;
  bool keep;
};
/// It speaks another protocol from here on: `take_over` gets the stream, and what the client has
/// sent behind its request's head.
struct HandedOver {
  std::function<void(std::unique_ptr<Transport>, std::string)> take_over;
  std::string leftover;
};
/// All was sent: it is closed when its client has read that (OrderlyCloses).
struct InOrder {};
/// The same behind the answer to a request that was given up.
struct Refused {};

}  // namespace ending

using Ending = std::variant<ending::ByUwsgi, ending::Kept, ending::WithRest, ending::HandedOver,
                            ending::InOrder, ending::Refused>;

/// Does so with `connection`, which is null for ByUwsgi. What is thrown on the way goes to the
/// loop's exception handler, and the connection is closed. In the root context.
void carry_out(Ending ending, std::unique_ptr<ClientConnection> connection,
               ClientConnections& all) noexcept;

}  // namespace aiopyr::plugin

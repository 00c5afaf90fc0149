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

/// The ways in which a request ends for its connection, once it has given its core back. In all but
/// the first its stream is not lent any more.
namespace ending {

/// uWSGI closes the connection, with the request.
struct ByUwsgi {};
/// The connection waits for its client: for the rest of a request, or for the next one.
struct Kept {};
/// The rest of a response leaves; then the connection waits for the next request, with `keep`, or
/// is closed.
struct WithRest {
  OutgoingBody body;
  bool keep;
};
/// The connection changes to another protocol: `take_over` gets the stream, and the bytes that the
/// client has sent behind its request's head.
struct HandedOver {
  std::function<void(std::unique_ptr<Transport>, std::string)> take_over;
  std::string leftover;
};
/// All was sent: the connection is closed when its client has read it (OrderlyCloses).
struct InOrder {};
/// The connection is closed in the same way after the answer to a request that was refused.
struct Refused {};

}  // namespace ending

using Ending = std::variant<ending::ByUwsgi, ending::Kept, ending::WithRest, ending::HandedOver,
                            ending::InOrder, ending::Refused>;

/// Carries out the ending with `connection`, which is null for ByUwsgi. Exceptions go to the loop's
/// exception handler, and the connection is closed. In the root context.
void carry_out(Ending ending, std::unique_ptr<ClientConnection> connection,
               ClientConnections& all) noexcept;

}  // namespace aiopyr::plugin

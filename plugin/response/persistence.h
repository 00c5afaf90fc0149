#pragma once

#include <string_view>

#include <aiopyr/runtime/web/http/response.h>

namespace aiopyr::plugin {

/// The fate of a connection after a response (RFC 9112 section 9.3).
struct Persistence {
  bool keep = false;            ///< it is kept for the client's next request
  bool surprises = false;       ///< the client wants to continue, and may be sending already
  std::string_view connection;  ///< the value of the response's Connection header; empty for none
};

/// The facts that decide about a connection, besides the response.
struct ConnectionTerms {
  std::string_view version;       ///< the request's: `HTTP/1.1`
  std::string_view connection;    ///< the request's Connection header
  bool asks_for_upgrade = false;  ///< to another protocol: the request has an Upgrade header
  bool server_closes = false;     ///< the server's own headers close it: add-header, a route
  bool may_go_on = false;         ///< the server would serve another request on it
  /// The request was read to its end, and nothing changes the response on its way, or removes the
  /// header that tells its end.
  bool is_intact = false;
};

/// Returns the fate of a connection about which the server in front decides: the head does not say
/// whether it is closed.
[[nodiscard]] Persistence unsaid(const Response& response);

/// Returns the fate of a connection that is closed after the response. The head says so, unless app
/// or server have done that: to a client of HTTP/1.0 too, which may expect it to be kept.
[[nodiscard]] Persistence closing(const ConnectionTerms& terms, const Response& response);

/// Returns the fate of a connection to an HTTP/1 client, after a response that is about to be sent,
/// without its body if `head_only`. It is kept if client, app and server want that, and the client
/// can tell where the response ends.
[[nodiscard]] Persistence persistence_of(const ConnectionTerms& terms, const Response& response,
                                         bool head_only);

}  // namespace aiopyr::plugin

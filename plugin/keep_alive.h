#pragma once

#include <string_view>

#include <aiopyr/runtime/web/response.h>

struct wsgi_request;

namespace aiopyr::plugin {

class UwsgiEnviron;

/// What becomes of a connection after a response (RFC 9112 section 9.3).
struct Persistence {
  bool keep = false;            ///< it is for the client's next request
  bool surprises = false;       ///< the client wants to go on, and may be sending already
  std::string_view connection;  ///< what the response's Connection says; empty where it has none
};

/// Of a response that is about to be sent, without its body where `head_only`. A connection is kept
/// where client and app want that, the client speaks HTTP/1 to a socket of ours, the request was
/// read to its end, aiopyr-keep-alive allows it, and the worker is not about to end, unless the
/// next request is there already.
Persistence persistence_of(const wsgi_request& request, const UwsgiEnviron& environ,
                           const Response& response, bool head_only);

}  // namespace aiopyr::plugin

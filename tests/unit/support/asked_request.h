#pragma once

#include <initializer_list>
#include <string>
#include <utility>

#include "tests/unit/support/map_environ.h"
#include <aiopyr/runtime/web/registry/registry.h>
#include <aiopyr/runtime/web/request/request.h>

namespace aiopyr {

/// A request with all its parts, but no app: for code that only reads and answers requests.
struct AskedRequest {
  using Variables = MapEnviron::Variables;

  AskedRequest() : AskedRequest(Variables()) {}
  AskedRequest(std::initializer_list<Variables::value_type> variables)
      : AskedRequest(Variables(variables)) {}
  explicit AskedRequest(Variables variables, std::string body = {})
      : environ(std::move(variables), std::move(body)), request(environ, registry) {}

  /// Returns the response, with what the request's callbacks add.
  Response answer() {
    Response response;
    request.run_response_callbacks(response);
    return response;
  }

  Registry registry;
  MapEnviron environ;
  Request request;
};

/// Returns `name=value` of the Set-Cookie header: the part that a browser sends back.
inline std::string cookie_pair(const Headers& headers) {
  const std::string_view cookie = headers.get("Set-Cookie", "");
  return std::string(cookie.substr(0, cookie.find(';')));
}

}  // namespace aiopyr

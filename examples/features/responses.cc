// Answers of views: a Response with headers of its own, a file, a big body, a redirection.
#include <algorithm>
#include <string>

#include "features.h"

namespace features {

using namespace aiopyr;

namespace responses {

Response teapot(Request&) {
  Response response("short and stout\n", 418, "text/plain");
  response.headers().set("X-Handle", "here");
  return response;
}

// Sends the file of the setting features.file. The kernel sends it, without a buffer of ours.
Response file(Request& request) {
  const auto setting = request.settings().find("features.file");
  if (setting == request.settings().end())
    throw HTTPNotFound("The setting features.file is not set.");
  return Response::file(setting->second, "text/plain");
}

Task<Response> big(Request& request) {
  const auto mebibytes = std::min(request.params().get<std::size_t>("mib", 1), std::size_t{64});
  co_return Response(std::string(mebibytes << 20, 'x'), 200, "application/octet-stream");
}

// HTTP exceptions are responses: returned or thrown, they are the same.
Task<Response> redirect(Request& request) {
  co_return HTTPFound(request.application_url() + "/title");
}

}  // namespace responses

using namespace responses;

void include_responses(Configurator& config) {
  config.add_route("teapot", "/teapot");
  config.add_view(teapot, {.route_name = "teapot"});
  config.add_route("file", "/file");
  config.add_view(file, {.route_name = "file"});
  config.add_route("big", "/big");
  config.add_view(big, {.route_name = "big"});
  config.add_route("redirect", "/redirect");
  config.add_view(redirect, {.route_name = "redirect"});
}

}  // namespace features

// Input of clients: parameters, forms with files, JSON, bodies of any kind, cookies. The body is
// read before the view runs, so views of every kind may use it.
#include <chrono>

#include "features.h"

namespace features {

using namespace aiopyr;

namespace forms {

// Returns, of several values of a name, the one that counts.
Json to_json(const MultiDict& fields) {
  Json object = Json::object();
  for (const auto& [name, value] : fields) object[name] = fields[name];
  return object;
}

Json parameters(Request& request) { return to_json(request.params()); }

Task<Json> upload(Request& request) {
  Json files = Json::array();
  for (const FileField& file : request.files()) {
    files.push_back({{"name", file.name},
                     {"filename", file.basename()},
                     {"content_type", file.content_type},
                     {"size", file.bytes.size()}});
  }
  co_return Json{{"fields", to_json(request.POST())}, {"files", std::move(files)}};
}

// Returns the JSON that was sent, moved: a copy of a large value would take as long as all else.
Task<Json> json_body(Request& request) { co_return request.take_json_body(); }

// Returns the body as it was sent, with its type.
Response body(Request& request) {
  return Response(std::string(request.body()), 200, "application/octet-stream");
}

Json cookies(Request& request) { return Json(request.cookies()); }

// Headers and cookies that are set on request.response() leave with the rendered response.
Json set_cookie(Request& request) {
  const std::string& name = request.matchdict()["name"];
  request.response().set_cookie(
      name, request.params().get<std::string>("value", ""),
      {.max_age = std::chrono::hours(1), .httponly = true, .samesite = "lax"});
  return Json{{"set", name}};
}

}  // namespace forms

using namespace forms;

void include_forms(Configurator& config) {
  config.add_route("parameters", "/parameters");
  config.add_view(parameters, {.route_name = "parameters", .renderer = "json"});
  config.add_route("upload", "/upload");
  config.add_view(upload, {.route_name = "upload", .renderer = "json", .request_method = "POST"});
  config.add_route("json", "/json");
  config.add_view(json_body, {.route_name = "json", .renderer = "json", .request_method = "POST"});
  config.add_route("body", "/body");
  config.add_view(body, {.route_name = "body", .request_method = {"POST", "PUT"}});
  config.add_route("cookies", "/cookies");
  config.add_view(cookies, {.route_name = "cookies", .renderer = "json"});
  config.add_route("set-cookie", "/cookies/{name}");
  config.add_view(set_cookie,
                  {.route_name = "set-cookie", .renderer = "json", .request_method = "POST"});
}

}  // namespace features

// An app that reports its view of a request, answers with a Date of its own, and changes to another
// protocol on request.
#include <memory>
#include <string>
#include <sys/uio.h>
#include <utility>

#include <aiopyr/aiopyr.h>
#include <aiopyr/runtime/async/transport/transport.h>

namespace {

using namespace aiopyr;

Task<Json> variables(Request& request) {
  Json told = Json::object();
  request.environ().for_each([&told](std::string_view name, std::string_view value) {
    told[std::string(name)] = std::string(value);
  });
  told["host_url"] = request.host_url();
  co_return told;
}

Task<std::string> length(Request& request) { co_return std::to_string(request.body().size()); }

Task<Response> dated(Request&) {
  Response response;
  response.headers().set("Date", "Sun, 06 Nov 1994 08:49:37 GMT");
  response.set_text("dated");
  co_return response;
}

Response upgraded(Request&) {
  Response response;
  response.set_status(101);
  response.headers().set("Upgrade", "nothing");
  response.headers().set("Connection", "Upgrade");
  response.on_upgrade = [](std::unique_ptr<Transport> stream, std::string leftover) {
    const iovec part{leftover.data(), leftover.size()};
    stream->write({&part, 1});
  };
  return response;
}

/// Refuses bodies of clients that do not send a word.
void require_word(Request& request) {
  if (request.header("X-Word").empty()) throw HTTPForbidden("Say the word.");
}

Task<std::string> guarded_length(Request& request) {
  co_return std::to_string(request.body().size());
}

std::string plain_length(Request& request) { return std::to_string(request.body().size()); }

std::string length_on_fiber(Request& request) {
  require_word(request);
  return plain_length(request);
}

void app(Configurator& config) {
  config.add_route("variables", "/variables");
  config.add_view(variables, {.route_name = "variables", .renderer = "json"});
  config.add_route("length", "/length");
  config.add_view(length, {.route_name = "length", .renderer = "string"});
  for (const char* name : {"guarded", "guarded-plain", "lazy"}) {
    config.add_route(name, "/" + std::string(name));
  }
  config.add_view(guarded_length,
                  {.route_name = "guarded", .renderer = "string", .before_body = require_word});
  config.add_view(
      plain_length,
      {.route_name = "guarded-plain", .renderer = "string", .before_body = require_word});
  config.add_view(length_on_fiber,
                  {.route_name = "lazy", .renderer = "string", .mapper = FiberMapper{}});
  config.add_route("dated", "/dated");
  config.add_view(dated, {.route_name = "dated"});
  config.add_route("upgraded", "/upgraded");
  config.add_view(upgraded, {.route_name = "upgraded", .mapper = FiberMapper{}});
}

}  // namespace

AIOPYR_APP(app);

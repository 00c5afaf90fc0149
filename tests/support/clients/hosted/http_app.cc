// An app whose views ask the server that the setting `http.url` names.
#include <string>
#include <utility>

#include <aiopyr/aiopyr.h>
#include <aiopyr/http_client.h>

namespace {

using namespace aiopyr;

http::Client& client_of(const Request& request) { return request.registry().get<http::Client>(); }

std::string backend(Request& request) { return request.settings().at("http.url"); }

Task<std::string> fetch(Request& request) {
  auto asking = client_of(request).get(backend(request));
  http::Response response = co_await std::move(asking);
  response.raise_for_status();
  co_return std::move(response).body();
}

/// Passes a body on while it arrives.
Task<std::string> count(Request& request) {
  auto asking = client_of(request).stream("GET", backend(request));
  http::Stream stream = co_await std::move(asking);
  std::size_t size = 0;
  for (;;) {
    auto reading = stream.read();
    const auto piece = co_await std::move(reading);
    if (!piece) break;
    size += piece->size();
  }
  co_return std::to_string(size);
}

/// Asks from a fiber.
std::string fetch_synchronized(Request& request) {
  const http::Client& client = client_of(request);
  const auto get = synchronize([&client](std::string url) { return client.get(std::move(url)); });
  http::Response response = get(backend(request));
  return std::move(response).body();
}

void make_client(Registry& registry) {
  registry.emplace<http::Client>(
      http::ClientOptions{.name = "fetching", .limits = {.connections = 64}});
}

void app(Configurator& config) {
  config.on_worker_start(make_client);
  config.add_route("fetch", "/fetch");
  config.add_view(fetch, {.route_name = "fetch", .renderer = "string"});
  config.add_route("count", "/count");
  config.add_view(count, {.route_name = "count", .renderer = "string"});
  config.add_route("synchronized", "/synchronized");
  config.add_view(fetch_synchronized,
                  {.route_name = "synchronized", .renderer = "string", .mapper = FiberMapper{}});
}

}  // namespace

AIOPYR_APP(app);

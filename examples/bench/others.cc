// Pages that ask another server: /redis, which the setting redis.url names, and /fetch, whose URL
// http.url is. Without the setting the page does not exist.
#include <optional>
#include <utility>

#include "bench.h"
#include <aiopyr/http_client.h>
#include <aiopyr/redis.h>

namespace bench {

using namespace aiopyr;

namespace others {

constexpr const char* kKey = "bench";

Task<Response> get_key(Request& request) {
  const std::optional<std::string> value =
      co_await request.registry().get<redis::Client>().get(kKey);
  co_return Response(value.value_or("none"), 200, "text/plain");
}

Task<Response> fetch(Request& request) {
  const Registry& registry = request.registry();
  Task<http::Response> asking = registry.get<http::Client>().get(registry.settings.at("http.url"));
  http::Response answer = co_await std::move(asking);
  answer.raise_for_status();
  co_return Response(std::move(answer).body(), 200, "text/plain");
}

void make_redis(Registry& registry) {
  registry.emplace<redis::Client>(registry.settings.at("redis.url"));
}

void make_http(Registry& registry) { registry.emplace<http::Client>(); }

}  // namespace others

void include_others(Configurator& config) {
  if (config.settings().contains("redis.url")) {
    config.on_worker_start(others::make_redis);
    config.add_route("redis", "/redis");
    config.add_view(others::get_key, {.route_name = "redis"});
  }
  if (config.settings().contains("http.url")) {
    config.on_worker_start(others::make_http);
    config.add_route("fetch", "/fetch");
    config.add_view(others::fetch, {.route_name = "fetch"});
  }
}

}  // namespace bench

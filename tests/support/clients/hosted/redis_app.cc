// An app that asks the Redis of the setting `redis.url`.
#include <string>
#include <utility>

#include <aiopyr/aiopyr.h>
#include <aiopyr/redis.h>

namespace {

using namespace aiopyr;

redis::Client& client_of(const Request& request) { return request.registry().get<redis::Client>(); }

Task<std::string> echo(Request& request) {
  redis::Client& client = client_of(request);
  const std::string text = request.params().get<std::string>("text", "");
  std::string answer;
  try {
    answer = co_await client.command<std::string>("ECHO", text);
  } catch (const ClientError& error) {
    answer = std::string("failed: ") + error.what();
  }
  co_return answer;
}

/// Waits for an element of a list, on a connection of its own.
Task<std::string> pop(Request& request) {
  redis::Client& client = client_of(request);
  using Popped = std::optional<std::pair<std::string, std::string>>;
  const int seconds = request.params().get<int>("seconds", 1);
  const auto popped = co_await client.blocking_command<Popped>("BLPOP", "list", seconds);
  co_return popped ? popped->second : "nothing";
}

void make_client(Registry& registry) {
  registry.emplace<redis::Client>(registry.settings.at("redis.url"));
}

void app(Configurator& config) {
  config.on_worker_start(make_client);
  config.add_route("echo", "/echo");
  config.add_view(echo, {.route_name = "echo", .renderer = "string"});
  config.add_route("pop", "/pop");
  config.add_view(pop, {.route_name = "pop", .renderer = "string"});
}

}  // namespace

AIOPYR_APP(app);

// An app that asks PostgreSQL, for tests of the client within a worker.
#include <string>
#include <utility>

#include <aiopyr/aiopyr.h>
#include <aiopyr/postgres.h>

namespace {

using namespace aiopyr;

postgres::Database& database(const Request& request) {
  return request.registry().get<postgres::Database>();
}

Task<std::string> echo(Request& request) {
  const std::string key(request.params()["key"]);
  auto asking = database(request).query_one<std::string>("select 'answer ' || $1::text", key);
  co_return co_await std::move(asking);
}

Task<std::string> slow(Request& request) {
  auto asking = database(request).query_one<std::string>("select 'slept' from pg_sleep(20)");
  co_return co_await std::move(asking);
}

Task<void> sleep_in_it(postgres::Transaction& tx) {
  auto inserting = tx.execute("insert into visits values ('left')");
  co_await std::move(inserting);
  auto sleeping = tx.query("select pg_sleep(20)");
  co_await std::move(sleeping);
}

Task<std::string> abandoned(Request& request) {
  auto running = database(request).transaction(sleep_in_it);
  co_await std::move(running);
  co_return "committed";
}

void make_database(Registry& registry) {
  registry.emplace<postgres::Database>(registry.settings.at("postgres.url"));
}

void app(Configurator& config) {
  config.on_worker_start(make_database);
  for (const char* name : {"echo", "slow", "abandoned"}) {
    config.add_route(name, "/" + std::string(name));
  }
  config.add_view(echo, {.route_name = "echo", .renderer = "string"});
  config.add_view(slow, {.route_name = "slow", .renderer = "string"});
  config.add_view(abandoned, {.route_name = "abandoned", .renderer = "string"});
}

}  // namespace

AIOPYR_APP(app);

// TechEmpower's tests of a database. The setting postgres.url names it; without it these pages do
// not exist. Its tables are made by whoever runs the test (bench/driver/tables.sql).
#include <algorithm>
#include <chrono>
#include <random>
#include <utility>
#include <vector>

#include "bench.h"
#include <aiopyr/postgres.h>
#include <aiopyr/runtime/base/parse_number.h>
#include <aiopyr/runtime/text/ascii.h>

namespace bench {

using namespace aiopyr;

namespace databases {

constexpr const char* kSelectWorld = "select id, randomnumber from world where id = $1";
constexpr const char* kUpdateWorld = "update world set randomnumber = $1 where id = $2";
constexpr const char* kSelectFortunes = "select id, message from fortune";

/// A row of `world`: its members are called as the columns are.
struct World {
  std::int32_t id = 0;
  std::int32_t randomnumber = 0;
};

struct Fortune {
  std::int32_t id = 0;
  std::string message;
};

postgres::Database& database(const Request& request) {
  return request.registry().get<postgres::Database>();
}

/// Returns an id of `world`, or a number to be written there.
std::int32_t random_number() {
  static std::minstd_rand generator{std::random_device()()};
  static std::uniform_int_distribution<std::int32_t> one_to_ten_thousand(1, 10'000);
  return one_to_ten_thousand(generator);
}

/// Returns the parameter `queries`: from 1 to 500, 1 where it is no number.
std::size_t query_count(Request& request) {
  constexpr std::size_t kMost = 500;
  const std::string* const text = request.GET().find("queries");
  if (text == nullptr || text->find_first_not_of("0123456789") != std::string::npos) return 1;
  if (text->empty()) return 1;
  // A number that does not fit is a large one.
  return std::clamp<std::size_t>(parse_number<std::size_t>(*text).value_or(kMost), 1, kMost);
}

void append_json(std::string& out, const World& world) {
  out += "{\"id\": ";
  out += std::to_string(world.id);
  out += ", \"randomNumber\": ";
  out += std::to_string(world.randomnumber);
  out += '}';
}

Response json_list(const std::vector<World>& worlds) {
  std::string out = "[";
  for (const World& world : worlds) {
    if (&world != worlds.data()) out += ", ";
    append_json(out, world);
  }
  out += ']';
  return Response(std::move(out), 200, "application/json");
}

Task<Response> db(Request& request) {
  const auto world = co_await database(request).query_one<World>(kSelectWorld, random_number());
  std::string out;
  append_json(out, world);
  co_return Response(std::move(out), 200, "application/json");
}

/// Reads `count` random rows, by a query for each.
Task<std::vector<World>> random_worlds(postgres::Database& database, std::size_t count) {
  std::vector<Task<World>> asking;
  asking.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    asking.push_back(database.query_one<World>(kSelectWorld, random_number()));
  }
  return gather(std::move(asking));
}

Task<Response> queries(Request& request) {
  const auto worlds = co_await random_worlds(database(request), query_count(request));
  co_return json_list(worlds);
}

postgres::Batch updates_of(const std::vector<World>& worlds) {
  postgres::Batch batch;
  for (const World& world : worlds) batch.add(kUpdateWorld, world.randomnumber, world.id);
  return batch;
}

Task<Response> updates(Request& request) {
  std::vector<World> worlds = co_await random_worlds(database(request), query_count(request));
  for (World& world : worlds) world.randomnumber = random_number();
  // In the order of their keys, so that no two requests wait for each other.
  std::ranges::sort(worlds, {}, &World::id);
  Task<std::vector<postgres::Rows>> writing = database(request).batch(updates_of(worlds));
  co_await std::move(writing);
  co_return json_list(worlds);
}

std::vector<Fortune> sorted_fortunes(const postgres::Rows& rows) {
  std::vector<Fortune> fortunes = rows.as<Fortune>().to_vector();
  fortunes.push_back({0, "Additional fortune added at request time."});
  std::ranges::sort(fortunes, {}, &Fortune::message);
  return fortunes;
}

Task<Response> fortunes(Request& request) {
  const postgres::Rows rows = co_await database(request).query(kSelectFortunes);
  std::string out =
      "<!DOCTYPE html><html><head><title>Fortunes</title></head><body><table>"
      "<tr><th>id</th><th>message</th></tr>";
  for (const Fortune& fortune : sorted_fortunes(rows)) {
    out += "<tr><td>";
    out += std::to_string(fortune.id);
    out += "</td><td>";
    out += html_escape(fortune.message);
    out += "</td></tr>";
  }
  out += "</table></body></html>";
  co_return Response(std::move(out));
}

/// Has a connection for `ms` milliseconds, 50 by default: what others wait for.
Task<Response> slow(Request& request) {
  const double seconds = request.GET().get<int>("ms", 50) / 1000.0;
  co_await database(request).query("select pg_sleep($1::float8)::text", seconds);
  co_return Response("slept", 200, "text/plain");
}

void make_pool(Registry& registry) {
  registry.emplace<postgres::Database>(registry.settings.at("postgres.url"));
}

}  // namespace databases

void include_databases(Configurator& config) {
  if (!config.settings().contains("postgres.url")) return;
  config.on_worker_start(databases::make_pool);
  config.add_route("db", "/db");
  config.add_view(databases::db, {.route_name = "db"});
  config.add_route("queries", "/queries");
  config.add_view(databases::queries, {.route_name = "queries"});
  config.add_route("updates", "/updates");
  config.add_view(databases::updates, {.route_name = "updates"});
  config.add_route("fortunes", "/fortunes");
  config.add_view(databases::fortunes, {.route_name = "fortunes"});
  config.add_route("slow-db", "/slow-db");
  config.add_view(databases::slow, {.route_name = "slow-db"});
}

}  // namespace bench

#include "postgres_backend.h"

#include <algorithm>

#include "pages.h"

namespace client_floor {

namespace {

constexpr std::uint32_t kWorlds = 10'000;

}  // namespace

PostgresBackend::PostgresBackend(Loop& loop, HttpServer& server, Test test, const std::string& url,
                                 std::size_t connections)
    : server_(server), test_(test) {
  for (std::size_t i = 0; i < connections; ++i)
    connections_.push_back(std::make_unique<PostgresConnection>(loop, url, *this));
}

void PostgresBackend::begin(Client& client) {
  if (test_ != Test::kFortunes) return select_worlds(client);
  PostgresConnection& connection = least_used();
  connection.send("fortunes", {});
  connection.sync(client, Step::kFortunes);
}

void PostgresBackend::on_turn_end() {
  for (const auto& connection : connections_) connection->flush();
}

PostgresConnection& PostgresBackend::least_used() {
  return **std::ranges::min_element(connections_, {},
                                    [](const auto& connection) { return connection->in_flight(); });
}

void PostgresBackend::select_worlds(Client& client) {
  client.left = test_ == Test::kDb ? 1 : client.queries;
  client.worlds.clear();
  PostgresConnection& connection = least_used();
  for (std::size_t i = 0; i < client.left; ++i) {
    connection.send("world", {random_number()});
    connection.sync(client, Step::kSelect);
  }
}

void PostgresBackend::update_worlds(Client& client) {
  for (World& world : client.worlds) world.random_number = random_number();
  // In the order of their keys, so that no two transactions wait for each other.
  std::ranges::sort(client.worlds, {}, &World::id);
  PostgresConnection& connection = least_used();
  for (const World& world : client.worlds)
    connection.send("update", {world.id, world.random_number});
  connection.sync(client, Step::kUpdate);
}

void PostgresBackend::on_rows(Client& client, const PGresult& rows) {
  if (test_ == Test::kFortunes) return append_fortunes(client.body, rows);
  client.worlds.push_back({int4_at(rows, 0, 0), int4_at(rows, 0, 1)});
}

void PostgresBackend::on_sync(Client& client, Step step) {
  switch (step) {
    case Step::kFortunes:
      return server_.answer(client);
    case Step::kSelect:
      if (--client.left > 0) return;
      return test_ == Test::kUpdates ? update_worlds(client) : answer_worlds(client);
    case Step::kUpdate:
      return answer_worlds(client);
  }
}

void PostgresBackend::answer_worlds(Client& client) {
  append_json(client.body, client.worlds, test_ != Test::kDb);
  server_.answer(client);
}

std::uint32_t PostgresBackend::random_number() noexcept {
  random_ ^= random_ << 13;
  random_ ^= random_ >> 17;
  random_ ^= random_ << 5;
  return random_ % kWorlds + 1;
}

}  // namespace client_floor

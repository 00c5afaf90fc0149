#include <memory>
#include <string>
#include <thread>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/base/client_figures.h>

using namespace aiopyr::metrics;
using namespace std::chrono_literals;

TEST_CASE("a client has one row for each kind and name") {
  const auto table = std::make_unique<ClientFiguresTable>();
  ClientFigures& first = table->client("postgres", "main");
  CHECK(&table->client("postgres", "main") == &first);
  CHECK(&table->client("postgres", "replica") != &first);
  CHECK(&table->client("redis", "main") != &first);
  CHECK(first.kind.get() == "postgres");
  CHECK(first.name.get() == "main");
}

TEST_CASE("clients and operations beyond the rows share the last one") {
  const auto table = std::make_unique<ClientFiguresTable>();
  for (std::size_t i = 0; i < 2 * ClientFiguresTable::kClients; ++i) {
    static_cast<void>(table->client("redis", std::to_string(i)));
  }
  CHECK(&table->client("redis", "another") == &table->clients.back());
  CHECK(table->clients.back().kind.get() == "other");
  ClientFigures& figures = table->client("redis", "0");
  for (std::size_t i = 0; i < 2 * ClientFigures::kOperations; ++i) {
    figures.operation("op" + std::to_string(i)).count(Outcome::kOk, 1ms);
  }
  CHECK(figures.operations.back().name.get() == "other");
  CHECK(figures.operations.back().outcomes[0].value() == ClientFigures::kOperations + 1);
}

TEST_CASE("a name that is too long is cut, and still found") {
  const auto table = std::make_unique<ClientFiguresTable>();
  const std::string name(100, 'n');
  ClientFigures& figures = table->client("postgres", name);
  CHECK(figures.name.get() == name.substr(0, 48));
  CHECK(&table->client("postgres", name) == &figures);
}

TEST_CASE("an operation counts how it ended, and how long it took") {
  const auto table = std::make_unique<ClientFiguresTable>();
  OperationFigures& get = table->client("redis", "cache").operation("GET");
  get.count(Outcome::kOk, 2ms);
  get.count(Outcome::kTimeout, 5s);
  CHECK(get.outcomes[static_cast<std::size_t>(Outcome::kOk)].value() == 1);
  CHECK(get.outcomes[static_cast<std::size_t>(Outcome::kTimeout)].value() == 1);
  CHECK(get.times.totals().count() == 2);
}

TEST_CASE("a new process forgets the gauges of the one before, not the counters") {
  const auto table = std::make_unique<ClientFiguresTable>();
  ClientFigures& figures = table->client("redis", "cache");
  figures.connections.add(3);
  figures.connects.add(3);
  table->forget_gauges();
  CHECK(figures.connections.value() == 0);
  CHECK(figures.connects.value() == 3);
}

TEST_CASE("each thread counts its own clients, since a counter has one writer") {
  ClientFiguresTable& own = client_figures();
  CHECK(&client_figures() == &own);
  // Other tests may have filled the table: then this is the row of all further clients.
  ClientFigures& figures = own.client("redis", "of another thread");
  const auto before = figures.connects.value();
  const ClientFiguresTable* others = nullptr;
  std::thread other([&] {
    others = &client_figures();
    client_figures().client("redis", "of another thread").connects.add();
  });
  other.join();
  CHECK(others != &own);
  CHECK(figures.connects.value() == before);
}

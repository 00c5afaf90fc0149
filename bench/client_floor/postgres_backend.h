#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "http_server.h"
#include "postgres_connection.h"

namespace client_floor {

/// TechEmpower's tests of a database. Each query of `db`, `queries` and `updates` is one of its own
/// with its own Sync; a request's updates share one, which makes them a transaction.
class PostgresBackend : public Backend, public Answers {
 public:
  enum class Test : std::uint8_t { kDb, kQueries, kFortunes, kUpdates };

  PostgresBackend(Loop& loop, HttpServer& server, Test test, const std::string& url,
                  std::size_t connections);

  void begin(Client& client) override;
  void on_turn_end() override;
  void on_rows(Client& client, const PGresult& rows) override;
  void on_sync(Client& client, Step step) override;

 private:
  /// Returns the connection with the least to do.
  [[nodiscard]] PostgresConnection& least_used();
  void select_worlds(Client& client);
  void update_worlds(Client& client);
  void answer_worlds(Client& client);
  /// Returns a number from 1 to 10,000.
  [[nodiscard]] std::uint32_t random_number() noexcept;

  HttpServer& server_;
  Test test_;
  std::vector<std::unique_ptr<PostgresConnection>> connections_;
  std::uint32_t random_ = 2463534242;
};

}  // namespace client_floor

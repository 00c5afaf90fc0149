#pragma once

#include <cstdint>
#include <deque>
#include <initializer_list>
#include <memory>
#include <postgresql/libpq-fe.h>
#include <string>

#include "client.h"
#include "loop.h"

namespace client_floor {

/// The purpose of a query.
enum class Step : std::uint8_t { kSelect, kFortunes, kUpdate };

/// Gets what a connection has read.
class Answers {
 public:
  virtual ~Answers() = default;
  virtual void on_rows(Client& client, const PGresult& rows) = 0;
  /// Called at a Sync: all queries before it have succeeded.
  virtual void on_sync(Client& client, Step step) = 0;
};

/// A connection of libpq in pipeline mode. A query that fails ends the program: std::runtime_error.
class PostgresConnection : public Handler {
 public:
  /// Connects, blocking, and prepares the statements.
  PostgresConnection(Loop& loop, const std::string& url, Answers& answers);

  /// Returns how many Syncs are to come.
  [[nodiscard]] std::size_t in_flight() const noexcept { return in_flight_.size(); }

  // Write to libpq's buffer. Each Sync is expected on behalf of a client.
  void send(const char* statement, std::initializer_list<std::uint32_t> numbers);
  void sync(Client& client, Step step);

  /// Sends what the buffer holds, or waits for room.
  void flush();

  void on_ready(int fd, std::uint32_t events) override;

 private:
  struct Expected {
    Client* client;
    Step step;
  };
  struct Finish {
    void operator()(PGconn* connection) const noexcept { ::PQfinish(connection); }
  };

  void check(bool ok) const;
  void prepare(const char* name, const char* sql, int parameters);
  void read_results();

  Loop& loop_;
  Answers& answers_;
  std::unique_ptr<PGconn, Finish> connection_;
  std::deque<Expected> in_flight_;
  bool is_dirty_ = false;
};

}  // namespace client_floor

#include "connection_pool.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <chrono>
#include <sqlite3.h>
#include <thread>
#include <utility>

namespace wiki {

namespace {

constexpr int kBusyTimeoutMs = 10'000;

/// Switches to WAL mode. SQLite does not wait for others when the journal's mode changes, so a
/// first start of several processes would fail.
void use_wal(SQLite::Database& connection) {
  const auto deadline =
      std::chrono::steady_clock::now() + std::chrono::milliseconds(kBusyTimeoutMs);
  for (;;) {
    try {
      connection.exec("PRAGMA journal_mode = WAL");
      return;
    } catch (const SQLite::Exception& error) {
      const bool may_wait = error.getErrorCode() == SQLITE_BUSY;
      if (!may_wait || std::chrono::steady_clock::now() >= deadline) throw;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

std::unique_ptr<SQLite::Database> open(const std::string& path) {
  auto connection = std::make_unique<SQLite::Database>(
      path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, kBusyTimeoutMs);
  use_wal(*connection);
  connection->exec(
      "PRAGMA synchronous = FULL;"
      "PRAGMA foreign_keys = ON");
  return connection;
}

}  // namespace

ConnectionPool::ConnectionPool(std::string path) : path_(std::move(path)) {}

ConnectionPool::~ConnectionPool() = default;

void ConnectionPool::close_idle() {
  const std::lock_guard lock(mutex_);
  idle_.clear();
}

std::unique_ptr<SQLite::Database> ConnectionPool::take() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
  }
  return open(path_);
}

void ConnectionPool::give_back(std::unique_ptr<SQLite::Database> connection) noexcept {
  const std::lock_guard lock(mutex_);
  try {
    idle_.push_back(std::move(connection));
  } catch (const std::bad_alloc&) {
    // Drops the connection instead.
  }
}

}  // namespace wiki

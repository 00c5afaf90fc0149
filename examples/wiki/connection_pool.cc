#include "connection_pool.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <utility>

namespace wiki {

namespace {

constexpr int kBusyTimeoutMs = 10'000;

std::unique_ptr<SQLite::Database> open(const std::string& path) {
  auto connection = std::make_unique<SQLite::Database>(
      path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, kBusyTimeoutMs);
  connection->exec(
      "PRAGMA journal_mode = WAL;"
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
    // It is closed instead.
  }
}

}  // namespace wiki

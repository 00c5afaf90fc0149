#pragma once

#include <SQLiteCpp/Database.h>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace wiki {

/// Connections to one SQLite file, each used by one thread at a time. They are opened on first use,
/// so in the worker that needs them: a connection must not survive a fork.
///
/// The file is in WAL mode, where readers and the one writer do not wait for each other; writers,
/// of other processes too, wait for their turn up to ten seconds. A commit has reached the disk
/// when it returns (synchronous = FULL).
class ConnectionPool {
 public:
  explicit ConnectionPool(std::string path);
  ~ConnectionPool();
  ConnectionPool(const ConnectionPool&) = delete;
  ConnectionPool& operator=(const ConnectionPool&) = delete;

  /// Calls f(SQLite::Database&), in this thread, and keeps the connection for the next.
  template <class F>
  auto with(F f) {
    const Lease lease(*this);
    return f(*lease.connection);
  }

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  /// Closes the connections that are not in use.
  void close_idle();

 private:
  struct Lease {
    explicit Lease(ConnectionPool& of) : pool(of), connection(of.take()) {}
    ~Lease() { pool.give_back(std::move(connection)); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    ConnectionPool& pool;
    std::unique_ptr<SQLite::Database> connection;
  };

  [[nodiscard]] std::unique_ptr<SQLite::Database> take();
  void give_back(std::unique_ptr<SQLite::Database> connection) noexcept;

  std::string path_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<SQLite::Database>> idle_;
};

}  // namespace wiki

#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <aiopyr/clients/base/backoff.h>
#include <aiopyr/clients/base/completion.h>
#include <aiopyr/clients/redis/connection/connection.h>
#include <aiopyr/runtime/async/tasks/task.h>

namespace aiopyr::redis::detail {

class Pool;

/// A connection that is lent to one operation. Where it is not given back clean (set_clean()), it
/// is closed: the answer of a blocking command, or a watched key, may be left on it. Loop thread
/// only.
class Lease {
 public:
  Lease() = default;
  Lease(std::shared_ptr<Pool> pool, std::shared_ptr<Connection> connection) noexcept
      : pool_(std::move(pool)), connection_(std::move(connection)) {}
  Lease(Lease&&) noexcept = default;
  Lease& operator=(Lease&& other) noexcept {
    Lease old(std::move(*this));
    pool_ = std::move(other.pool_);
    connection_ = std::move(other.connection_);
    is_clean_ = other.is_clean_;
    return *this;
  }
  ~Lease();

  [[nodiscard]] const std::shared_ptr<Connection>& connection() const& noexcept {
    return connection_;
  }
  std::shared_ptr<Connection> connection() && = delete;
  /// Says that nothing is left on it, so that others may use it.
  void set_clean(bool is_clean) noexcept { is_clean_ = is_clean; }

 private:
  std::shared_ptr<Pool> pool_;
  std::shared_ptr<Connection> connection_;
  bool is_clean_ = false;
};

/// The connections of a client that are used by one operation at a time: for commands that block,
/// and for WATCH. Bounded; callers get them in the order in which they came. Loop thread only.
class Pool final : public std::enable_shared_from_this<Pool> {
 public:
  struct Limits {
    std::size_t connections = 8;
    std::size_t waiting = 256;
    Duration acquire_timeout = std::chrono::seconds(5);
  };

  Pool(Loop& loop, std::shared_ptr<const ConnectionSettings> settings, Limits limits);

  /// Waits for a connection. Throws PoolExhaustedError where none becomes free in time, or too many
  /// wait for one; ConnectError while the server is known to be away, or after close().
  /// `operation` is a literal. Cancelling it gives back what was meant for it.
  [[nodiscard]] static Task<Lease> acquire(std::shared_ptr<Pool> pool, std::string_view operation);

  /// Closes all connections, lent ones too; who waits fails with `problem`.
  void close(const std::string& problem);

 private:
  friend class Lease;
  using Waiter = clients::Completion<Lease>;

  [[nodiscard]] Lease take_or_make();
  void give_back(std::shared_ptr<Connection> connection, bool is_clean);
  void serve_waiting();
  void forget_abandoned();
  void require_open(std::string_view operation) const;
  void note_health(const Connection& connection);
  [[nodiscard]] ClientError::Context context(std::string_view operation) const {
    return {"redis", settings_->server, std::string(operation)};
  }

  Loop& loop_;
  std::shared_ptr<const ConnectionSettings> settings_;
  Limits limits_;
  clients::Backoff backoff_;
  std::vector<std::shared_ptr<Connection>> idle_;
  std::vector<std::shared_ptr<Connection>> lent_;
  std::deque<std::shared_ptr<Waiter>> waiting_;
  bool is_closed_ = false;
};

}  // namespace aiopyr::redis::detail

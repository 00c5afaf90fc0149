#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include <aiopyr/runtime/async/loop/duration.h>
#include <aiopyr/runtime/async/tasks/task.h>

namespace aiopyr::clients {

/// A connection that a pool lends to one user at a time. The pool owns it. Loop thread only.
class PooledConnection {
 public:
  virtual ~PooledConnection() = default;

  /// Returns whether it can be used: not closed, not broken, and the server still wants it.
  [[nodiscard]] virtual bool is_open() const noexcept = 0;
  /// Returns whether nothing of the last use is left: no answer that is still to come, no
  /// transaction, no changed setting.
  [[nodiscard]] virtual bool is_clean() const noexcept = 0;
  /// Removes what the last use has left, as by cancelling a statement and rolling back. The pool
  /// gives it a time of its own (PoolLimits::cleanup_timeout); a connection that is not clean by
  /// then is destroyed.
  [[nodiscard]] virtual Task<void> clean() = 0;
  /// Breaks the connection while it is lent: what waits for its answers fails.
  virtual void close() noexcept = 0;
};

/// Makes a connection, and throws where it cannot. It is called again later, so it should have a
/// time limit of its own.
using ConnectionMaker = std::function<Task<std::unique_ptr<PooledConnection>>()>;

/// The sizes and times of a pool.
struct PoolLimits {
  std::size_t size = 8;        ///< the most connections, those being made included
  std::size_t min_size = 0;    ///< so many are not closed for being idle
  std::size_t queue = 1000;    ///< the most callers that wait for a connection
  std::size_t connecting = 4;  ///< the most connections that are made at the same time
  Duration acquire_timeout = std::chrono::seconds(5);
  Duration cleanup_timeout = std::chrono::seconds(2);
  Duration idle_timeout = std::chrono::minutes(10);
  /// After this time a connection is replaced, sooner by up to a fifth, so that those that were
  /// made together do not end together.
  Duration max_lifetime = std::chrono::hours(1);
};

}  // namespace aiopyr::clients

#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

#include <aiopyr/clients/base/pool_core.h>
#include <aiopyr/runtime/async/tasks/wait_for.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr::clients {

/// A connection that is lent. The destructor gives it back: also when the frame that holds it is
/// destroyed at any await. What it has left on the connection is then removed by the pool, within a
/// time of its own, and the next waiter gets it. It may outlive the pool. Loop thread only.
template <class Connection>
class [[nodiscard]] Lease {
 public:
  Lease() = default;
  Lease(std::shared_ptr<detail::PoolCore> core, std::unique_ptr<detail::PoolPlace> place) noexcept
      : core_(std::move(core)), place_(std::move(place)) {}
  Lease(Lease&&) noexcept = default;
  Lease& operator=(Lease&& other) noexcept {
    Lease old(std::move(*this));
    core_ = std::move(other.core_);
    place_ = std::move(other.place_);
    return *this;
  }
  ~Lease() { release(); }

  void release() noexcept {
    if (place_) core_->give_back(std::move(place_));
  }

  [[nodiscard]] explicit operator bool() const noexcept { return place_ != nullptr; }
  [[nodiscard]] Connection& operator*() const noexcept {
    return static_cast<Connection&>(*place_->connection);
  }
  [[nodiscard]] Connection* operator->() const noexcept { return &**this; }
  /// Returns when the connection is to be replaced.
  [[nodiscard]] TimePoint expires() const noexcept { return place_->expires; }

 private:
  std::shared_ptr<detail::PoolCore> core_;
  std::unique_ptr<detail::PoolPlace> place_;
};

/// Connections to one server, of which each is lent to one user at a time.
///
/// Connections are made when they are needed, up to a size. Callers wait in the order in which they
/// came, in a queue of bounded length and for a bounded time, and fail with PoolExhaustedError. A
/// server that is away is tried again after a delay that grows (Backoff); until then callers fail
/// at once with the ConnectError of the last attempt. Where connections are open, the server has
/// only refused more of them: then callers wait for those.
///
/// Loop thread only; made after the fork.
template <class Connection>
class Pool {
 public:
  /// Waits for a connection: gives a Lease.
  class [[nodiscard]] Acquire final : public detail::PoolWaiter {
   public:
    using PoolWaiter::PoolWaiter;
    [[nodiscard]] Lease<Connection> await_resume() {
      auto place = take_place();
      return Lease<Connection>(core(), std::move(place));
    }
  };

  /// `context` names client and server in errors; `figures` is where the pool counts.
  Pool(ClientError::Context context, PoolLimits limits, metrics::ClientFigures& figures,
       ConnectionMaker maker)
      : core_(std::make_shared<detail::PoolCore>(std::move(context), limits, figures,
                                                 std::move(maker))) {}
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  /// Closes what is free. What is lent is closed when it is given back, and who waits gets an
  /// error.
  ~Pool() { shut(); }

  /// Does at once what the destructor does.
  void shut() noexcept {
    core_->begin_to_close();
    core_->fail_all_waiters();
  }

  /// Returns an awaitable that gives a Lease, at once where a connection is free and nobody waits.
  /// `until` shortens the pool's acquire_timeout, as a request's deadline does. Throws
  /// PoolExhaustedError, ConnectError, and what the maker throws. Continues in the root context.
  /// Destroying the waiting task gives the place in the queue, or the connection, to the next.
  [[nodiscard]] Acquire acquire(std::optional<TimePoint> until = std::nullopt) {
    return Acquire(core_, until);
  }

  /// Returns a connection that is free now; an empty Lease where there is none, or where others
  /// wait for one.
  [[nodiscard]] Lease<Connection> try_acquire() {
    auto place = core_->try_take();
    if (!place) return {};
    return Lease<Connection>(core_, std::move(place));
  }

  /// Lends nothing more, lets who has a connection, or waits for one, go on for `within`, and then
  /// breaks the connections that are left. In coroutines.
  [[nodiscard]] Task<void> close(Seconds within) { return close_core(core_, within); }

  [[nodiscard]] std::size_t open() const noexcept { return core_->open(); }
  [[nodiscard]] std::size_t idle() const noexcept { return core_->idle(); }
  [[nodiscard]] std::size_t waiting() const noexcept { return core_->waiting(); }
  [[nodiscard]] std::size_t connecting() const noexcept { return core_->connecting(); }
  /// Returns whether no more connections may be made.
  [[nodiscard]] bool is_full() const noexcept { return core_->open() >= core_->limits().size; }
  /// Makes the error of a caller that has waited too long, or of one too many that would wait.
  [[nodiscard]] std::exception_ptr exhausted(Duration waited) const {
    return core_->too_late(waited);
  }
  [[nodiscard]] const PoolLimits& limits() const noexcept { return core_->limits(); }

 private:
  static Task<void> wait_until_drained(std::shared_ptr<detail::PoolCore> core) {
    co_await core->drained().wait();
  }
  static Task<void> close_core(std::shared_ptr<detail::PoolCore> core, Seconds within) {
    core->begin_to_close();
    auto waiting = wait_for(wait_until_drained(core), within);
    try {
      co_await std::move(waiting);
    } catch (const TimeoutError&) {
      core->close_now();
    }
  }

  std::shared_ptr<detail::PoolCore> core_;
};

}  // namespace aiopyr::clients

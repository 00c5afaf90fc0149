#pragma once

#include <coroutine>
#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <aiopyr/clients/base/backoff.h>
#include <aiopyr/clients/base/pooled_connection.h>
#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/async/waits/event.h>
#include <aiopyr/runtime/base/client_errors.h>
#include <aiopyr/runtime/base/client_figures.h>

/// The work of every pool, whatever its connections are: pool.h gives it a type.
namespace aiopyr::clients::detail {

class PoolWaiter;

/// The place of one connection in a pool.
struct PoolPlace : ListHook {
  std::unique_ptr<PooledConnection> connection;
  TimePoint expires{};
  TimePoint idle_since{};
};

/// Counts the places, lends connections in the order in which callers came, makes new ones and
/// closes old ones. Shared by the pool, its leases and its waiters, so that each may end first.
/// Loop thread only.
class PoolCore final : public std::enable_shared_from_this<PoolCore> {
 public:
  PoolCore(ClientError::Context context, PoolLimits limits, metrics::ClientFigures& figures,
           ConnectionMaker maker);
  ~PoolCore();
  PoolCore(const PoolCore&) = delete;
  PoolCore& operator=(const PoolCore&) = delete;

  /// Returns a connection that is free now; null where there is none, or others wait for one.
  [[nodiscard]] std::unique_ptr<PoolPlace> try_take();
  /// Queues a waiter. Throws PoolExhaustedError for a full queue, ConnectError where the server is
  /// known to be away or the pool is closed.
  void enqueue(PoolWaiter& waiter, std::optional<TimePoint> until);
  void withdraw(PoolWaiter& waiter) noexcept;
  /// Takes a connection back: for the next waiter, for later, to be cleaned, or to be closed.
  void give_back(std::unique_ptr<PoolPlace> place) noexcept;

  /// Lends no more but to those who wait already; what is free is closed.
  void begin_to_close() noexcept;
  /// Fails who waits, since the pool is closed.
  void fail_all_waiters() noexcept;
  /// Fails who waits, and breaks what is lent.
  void close_now() noexcept;
  [[nodiscard]] Event& drained() noexcept { return drained_; }

  [[nodiscard]] const PoolLimits& limits() const noexcept { return limits_; }
  [[nodiscard]] std::size_t open() const noexcept { return open_; }
  [[nodiscard]] std::size_t idle() const noexcept { return idle_.size(); }
  [[nodiscard]] std::size_t waiting() const noexcept { return waiting_; }
  [[nodiscard]] std::size_t connecting() const noexcept { return connecting_; }
  [[nodiscard]] bool is_closing() const noexcept { return closing_; }

  /// Makes the error of a waiter whose time is over.
  [[nodiscard]] std::exception_ptr too_late(Duration waited) const;

 private:
  using Place = std::unique_ptr<PoolPlace>;
  class RetryTimer final : public Timer {
   public:
    explicit RetryTimer(PoolCore& core) : core_(core) {}

   private:
    void on_timer() override { core_.connect_as_needed(); }
    PoolCore& core_;
  };
  class IdleTimer final : public Timer {
   public:
    explicit IdleTimer(PoolCore& core) : core_(core) {}

   private:
    void on_timer() override { core_.close_idle(); }
    PoolCore& core_;
  };

  static Task<void> connect_one(std::shared_ptr<PoolCore> core);
  static Task<void> clean_up(std::shared_ptr<PoolCore> core, Place place);

  void connect_as_needed();
  void connected(std::unique_ptr<PooledConnection> connection);
  void connect_failed(const std::exception_ptr& error);
  void offer(Place place) noexcept;
  void grant(Place place) noexcept;
  void discard(Place place) noexcept;
  void forget_place() noexcept;
  void close_idle() noexcept;
  void fail_waiters(const std::exception_ptr& error) noexcept;
  void throw_if_refused(TimePoint now) const;
  [[nodiscard]] std::string state() const;

  ClientError::Context context_;
  PoolLimits limits_;
  metrics::ClientFigures& figures_;
  ConnectionMaker maker_;
  Backoff backoff_;
  std::string last_problem_;
  std::size_t open_ = 0;  ///< places that are taken, those of connections being made included
  std::size_t connecting_ = 0;
  std::size_t waiting_ = 0;
  bool closing_ = false;
  std::vector<Place> idle_;  ///< the one that was used last at the end
  IntrusiveList<PoolPlace> lent_;
  IntrusiveList<PoolWaiter> waiters_;
  RetryTimer retry_timer_{*this};
  IdleTimer idle_timer_{*this};
  Event drained_;
};

/// One caller that waits for a connection: the awaiter of acquire().
class PoolWaiter : public Runnable {
 public:
  PoolWaiter(std::shared_ptr<PoolCore> core, std::optional<TimePoint> until) noexcept
      : core_(std::move(core)), until_(until) {}
  PoolWaiter(const PoolWaiter&) = delete;
  /// Leaves the queue; a connection that was granted meanwhile goes to the next waiter.
  virtual ~PoolWaiter();
  [[nodiscard]] bool await_ready() {
    place_ = core_->try_take();
    return place_ != nullptr;
  }
  void await_suspend(std::coroutine_handle<> awaiting) {
    awaiting_ = awaiting;
    core_->enqueue(*this, until_);
  }

 protected:
  [[nodiscard]] std::unique_ptr<PoolPlace> take_place() {
    if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
    return std::move(place_);
  }
  [[nodiscard]] const std::shared_ptr<PoolCore>& core() const noexcept { return core_; }

 private:
  friend class PoolCore;
  class Deadline final : public Timer {
   public:
    explicit Deadline(PoolWaiter& waiter) : waiter_(waiter) {}

   private:
    void on_timer() override { waiter_.time_out(); }
    PoolWaiter& waiter_;
  };

  void run() override { awaiting_.resume(); }
  void time_out();

  std::shared_ptr<PoolCore> core_;
  std::optional<TimePoint> until_;
  std::coroutine_handle<> awaiting_;
  std::unique_ptr<PoolPlace> place_;
  std::exception_ptr error_;
  TimePoint since_{};
  bool queued_ = false;
  Deadline deadline_{*this};
};

}  // namespace aiopyr::clients::detail

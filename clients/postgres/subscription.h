#pragma once

#include <memory>
#include <optional>
#include <string>

#include <aiopyr/runtime/async/tasks/task.h>

namespace aiopyr::postgres {

namespace detail {
struct SubscriptionState;
class Listener;
}  // namespace detail

/// An event of a Subscription: a notification, or that some may be missing.
struct Received {
  std::string payload;  ///< empty for a gap
  bool is_gap = false;  ///< the connection was lost meanwhile, or this reader was too slow
};

/// Notifications of one channel (SQL: LISTEN), in the order in which the server sent them.
///
///     auto jobs = co_await db.listen("jobs");
///     for (;;) {
///       const auto received = co_await jobs.next();
///       if (received.is_gap) read_all_again();
///     }
///
/// All channels of a Database share one connection, beside those of the pool. After it was lost it
/// is made again, and each subscription gets a gap. At most kMost notifications wait for a reader;
/// more are dropped, and there is a gap in their place. Destroyed, it ends the subscription. One
/// reader. Loop thread only.
class Subscription {
 public:
  static constexpr std::size_t kMost = 1000;

  explicit Subscription(std::shared_ptr<detail::SubscriptionState> state) noexcept;
  Subscription(Subscription&&) noexcept;
  Subscription& operator=(Subscription&&) noexcept;
  ~Subscription();

  /// Waits for the next. Throws ConnectError once the Database is closed. Destroying the Task loses
  /// nothing.
  [[nodiscard]] Task<Received> next();

 private:
  std::shared_ptr<detail::SubscriptionState> state_;
};

}  // namespace aiopyr::postgres

#pragma once

#include <aiopyr/runtime/async/fd_watch.h>
#include <aiopyr/runtime/async/loop.h>
#include <aiopyr/runtime/async/timer.h>
#include <aiopyr/runtime/base/intrusive_list.h>

namespace aiopyr {
class Fiber;
}

namespace aiopyr::plugin {

/// Cancels a request's fiber when its client vanishes while nobody reads or writes the socket.
///
/// Made on the fiber, which it is to outlive, for as long as the request's view runs; stopped
/// before the descriptor changes hands, and before a protocol begins that sees the client's end
/// itself. It reads nothing, so what a client sends early stays in the socket.
class ClientWatch final : public ListHook {
 public:
  explicit ClientWatch(int fd) noexcept;
  ~ClientWatch() { stop(); }
  ClientWatch(const ClientWatch&) = delete;
  ClientWatch& operator=(const ClientWatch&) = delete;

  void stop() noexcept;

  /// Whether the client was seen to vanish; the fiber is cancelled then.
  [[nodiscard]] bool fired() const noexcept { return fired_; }

 private:
  friend class ClientWatches;

  int fd_;
  Fiber& fiber_;
  TimePoint begin_;
  bool armed_ = false;
  bool fired_ = false;
};

/// All watches of this worker. Most requests are over before it looks at them: a watch costs a
/// place in a list, and system calls only for one that is older than kPatience.
///
/// An epoll set of its own, in the loop's, because the loop's watches are level-triggered and for
/// input: pipelined bytes, or the end of a stream that is only half closed, would wake it for ever.
/// Root context, but for what ClientWatch calls.
class ClientWatches final : public FdWatch {
 public:
  /// When a request is old enough to be worth two system calls.
  static constexpr Duration kPatience = std::chrono::milliseconds(250);

  /// What counts as vanishing (aiopyr-client-gone).
  enum class Policy {
    kReset,   ///< the connection is broken, or closed in both directions
    kEof,     ///< besides, the client will send nothing more
    kIgnore,  ///< nothing
  };

  /// Throws Error where there is no descriptor left.
  ClientWatches(Loop& loop, Policy policy);
  ~ClientWatches() override;

  void add(ClientWatch& watch);
  void remove(ClientWatch& watch) noexcept;

  /// This worker's; null before its loop is made.
  static ClientWatches* current() noexcept;

 private:
  class Patience final : public Timer {
   public:
    explicit Patience(ClientWatches& watches) noexcept : watches_(watches) {}

   private:
    void on_timer() override { watches_.arm_the_old(); }
    ClientWatches& watches_;
  };

  void on_ready(FdEvents ready) override;
  void arm_the_old();
  void arm(ClientWatch& watch) noexcept;

  Loop& loop_;
  Policy policy_;
  int epoll_;
  IntrusiveList<ClientWatch> young_;  // the oldest first
  IntrusiveList<ClientWatch> armed_;
  Patience patience_{*this};
};

}  // namespace aiopyr::plugin

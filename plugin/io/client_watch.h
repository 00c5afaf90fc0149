#pragma once

#include <aiopyr/plugin/server/options.h>
#include <aiopyr/runtime/async/loop/fd_watch.h>
#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/async/loop/timer.h>
#include <aiopyr/runtime/base/intrusive_list.h>

namespace aiopyr {
class Fiber;
}

namespace aiopyr::plugin {

class ClientWatches;

/// Cancels a request's fiber when its client vanishes while nobody reads or writes the socket. It
/// reads nothing, so what a client sends early stays in the socket.
class ClientWatch final : public ListHook {
 public:
  /// `all` has to outlive it.
  explicit ClientWatch(ClientWatches& all) noexcept : all_(all) {}
  ~ClientWatch() { static_cast<void>(stop()); }
  ClientWatch(const ClientWatch&) = delete;
  ClientWatch& operator=(const ClientWatch&) = delete;

  /// Watches the client at `fd`, for as long as the view of a request runs. On the request's fiber.
  void start(int fd) noexcept;
  /// Stops: before the descriptor changes hands, and before a protocol begins that sees the
  /// client's end itself. Returns whether the client was seen to vanish; the fiber is cancelled
  /// then. Does nothing, and returns false, where nothing is watched.
  bool stop() noexcept;

 private:
  friend class ClientWatches;

  ClientWatches& all_;
  int fd_ = -1;
  Fiber* fiber_ = nullptr;
  TimePoint begin_{};
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

  /// Throws Error where there is no descriptor left.
  ClientWatches(Loop& loop, ClientGone policy);
  ~ClientWatches() override;

  void add(ClientWatch& watch);
  void remove(ClientWatch& watch) noexcept;

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
  ClientGone policy_;
  int epoll_;
  IntrusiveList<ClientWatch> young_;  // the oldest first
  IntrusiveList<ClientWatch> armed_;
  Patience patience_{*this};
};

}  // namespace aiopyr::plugin

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

/// Cancels a request's fiber when its client vanishes while the socket is neither read nor written.
/// It reads nothing, so bytes that a client sends early stay in the socket.
class ClientWatch final : public ListHook {
 public:
  /// Takes the watches of the worker, which have to outlive it.
  explicit ClientWatch(ClientWatches& all) noexcept : all_(all) {}
  ~ClientWatch() { static_cast<void>(stop()); }
  ClientWatch(const ClientWatch&) = delete;
  ClientWatch& operator=(const ClientWatch&) = delete;

  /// Watches the client at `fd` while the view of a request runs. On the request's fiber.
  void start(int fd) noexcept;
  /// Stops: before the descriptor changes hands, and before a protocol begins that notices the
  /// client's end itself. Returns whether the client has vanished; then the fiber is cancelled.
  /// Does nothing, and returns false, if nothing is watched.
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

/// All watches of this worker. Most requests end before they are armed: a young watch costs only a
/// place in a list, and one that is older than kPatience costs system calls.
///
/// Uses an epoll set of its own, within the loop's, because the loop's watches are level-triggered
/// and for input: pipelined bytes, or the end of a stream that is only half closed, would wake it
/// for ever. Root context, except for calls by ClientWatch.
class ClientWatches final : public FdWatch {
 public:
  /// The age from which a request is worth two system calls.
  static constexpr Duration kPatience = std::chrono::milliseconds(250);

  /// Throws Error if no descriptor is left.
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

#pragma once

#include <cstddef>

#include <aiopyr/runtime/async/loop/fd_watch.h>
#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/async/loop/timer.h>

namespace aiopyr::plugin {

/// A wait for one client, with a deadline. Watch and timer keep running while nothing is awaited,
/// since restarting them for each request would cost a system call. On the loop's thread.
class ClientWait {
 public:
  /// The owner of a wait.
  class Owner {
   public:
    /// Called when the client has sent something.
    virtual void on_input() = 0;
    /// Called when the deadline has passed.
    virtual void on_time() = 0;

   protected:
    ~Owner() = default;
  };

  /// Both arguments have to outlive it.
  ClientWait(Owner& owner, Loop& loop) noexcept : owner_(owner), loop_(loop) {}

  /// Waits until `fd` is readable, or the client has left.
  void watch(int fd);
  void stop_watching() noexcept { watch_.stop(); }
  /// Sets how many bytes make the socket `fd` readable (SO_RCVLOWAT).
  void set_low_water_mark(int fd, std::size_t bytes) noexcept;
  /// Ends the wait at `deadline`: on_time() is called then, and perhaps once before, if the
  /// deadline was extended meanwhile.
  void limit(TimePoint deadline);
  [[nodiscard]] TimePoint deadline() const noexcept { return deadline_; }

 private:
  class Watch final : public FdWatch {
   public:
    explicit Watch(ClientWait& wait) noexcept : wait_(wait) {}

   private:
    void on_ready(FdEvents) override { wait_.owner_.on_input(); }
    ClientWait& wait_;
  };

  class Deadline final : public Timer {
   public:
    explicit Deadline(ClientWait& wait) noexcept : wait_(wait) {}

   private:
    void on_timer() override { wait_.owner_.on_time(); }
    ClientWait& wait_;
  };

  Owner& owner_;
  Loop& loop_;
  Watch watch_{*this};
  Deadline timer_{*this};
  TimePoint fires_at_{};
  TimePoint deadline_{};
  std::size_t low_water_mark_ = 1;
};

}  // namespace aiopyr::plugin

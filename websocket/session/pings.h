#pragma once

#include <coroutine>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/async/loop/runnable.h>
#include <aiopyr/runtime/async/loop/timer.h>
#include <aiopyr/runtime/base/intrusive_list.h>

namespace aiopyr::websocket {

/// The pings of one connection: their numbers, the coroutines that wait for a pong, and the latency
/// of each (RFC 6455 sections 5.5.2 and 5.5.3). Root context, no I/O.
class Pings {
 public:
  /// A wait for a pong. Begins with add(), and ends with the pong, the connection, or its
  /// destructor.
  class Wait final : public Runnable {
   public:
    Wait(std::string payload, TimePoint sent) noexcept
        : payload_(std::move(payload)), sent_(sent) {}

    [[nodiscard]] bool is_done() const noexcept { return done_; }
    /// Returns the latency; nullopt if no pong can come any more.
    [[nodiscard]] std::optional<Duration> latency() const noexcept { return latency_; }
    /// Resumes `awaiting` in the loop's next turn once it is done.
    void set_awaiting(std::coroutine_handle<> awaiting) noexcept { awaiting_ = awaiting; }
    void run() override { awaiting_.resume(); }

   private:
    friend class Pings;
    void finish(std::optional<Duration> latency, Loop& loop);

    std::string payload_;
    TimePoint sent_;
    bool done_ = false;
    std::optional<Duration> latency_;
    std::coroutine_handle<> awaiting_;
  };

  /// Returns the number of a new ping.
  [[nodiscard]] std::uint32_t next() noexcept { return ++count_; }
  /// Returns the default payload of the ping of that number.
  [[nodiscard]] static std::string payload_of(std::uint32_t number) {
    return std::to_string(number);
  }

  void add(Wait& wait);
  /// Handles a pong: answers the pings up to the one that carried `payload`. An unsolicited pong
  /// answers none. Calls `observe` with the latency of each.
  template <class Observe>
  void take_pong(std::string_view payload, Observe observe) {
    while (Wait* answered = next_answered(payload)) {
      const bool is_last = answered->payload_ == payload;
      Loop& loop = Loop::require("a websocket");
      const Duration latency = loop.now() - answered->sent_;
      observe(latency);
      answered->finish(latency, loop);
      if (is_last) return;
    }
  }
  /// Ends all waits: no pong will come any more.
  void end();

 private:
  [[nodiscard]] Wait* next_answered(std::string_view payload);

  std::unique_ptr<IntrusiveList<Wait>> waiting_;  // null before there was one
  std::uint32_t count_ = 0;
};

}  // namespace aiopyr::websocket

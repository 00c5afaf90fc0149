#pragma once

#include <coroutine>
#include <optional>
#include <string>
#include <utility>

#include <aiopyr/runtime/async/loop.h>
#include <aiopyr/runtime/async/runnable.h>
#include <aiopyr/runtime/async/timer.h>
#include <aiopyr/websocket/message.h>
#include <aiopyr/websocket/websocket.h>

/// What recv(), send(), close() and ping() of a Websocket return. They live in the frame of the
/// coroutine that awaits them, have no frame of their own, and take themselves out of the
/// websocket's books when that coroutine is cancelled.
namespace aiopyr::detail {

class [[nodiscard]] RecvAwaiter {
 public:
  explicit RecvAwaiter(Websocket& websocket) noexcept : websocket_(&websocket) {}
  RecvAwaiter(const RecvAwaiter&) = delete;
  RecvAwaiter& operator=(const RecvAwaiter&) = delete;
  ~RecvAwaiter() {
    if (waits_) websocket_->reader_ = nullptr;
  }

  [[nodiscard]] bool await_ready() { return websocket_->take(message_); }
  void await_suspend(std::coroutine_handle<> awaiting) {
    awaiting_ = awaiting;
    websocket_->reader_ = this;
    waits_ = true;
    websocket_->on_recv();
  }
  [[nodiscard]] std::optional<Message> await_resume() noexcept { return std::move(message_); }

 private:
  friend class aiopyr::Websocket;

  /// Ends the wait; may destroy this object.
  void resume() {
    waits_ = false;
    awaiting_.resume();
  }

  Websocket* websocket_;
  std::coroutine_handle<> awaiting_;
  bool waits_ = false;
  std::optional<Message> message_;
};

class SendAwaiter {
 public:
  explicit SendAwaiter(Websocket& websocket) noexcept : websocket_(websocket) {}

  [[nodiscard]] bool await_ready() const noexcept { return !websocket_.is_congested(); }
  void await_suspend(std::coroutine_handle<> awaiting) noexcept {
    suspended_ = true;
    resumption_.set(awaiting);
    websocket_.send_waiters_.push_back(resumption_);
  }
  void await_resume() const {
    if (suspended_ && websocket_.lost_) {
      websocket::throw_connection_closed(websocket_.closing_, true);
    }
  }

 private:
  Websocket& websocket_;
  bool suspended_ = false;
  Resumption resumption_;
};

class CloseAwaiter {
 public:
  explicit CloseAwaiter(Websocket& websocket) noexcept : websocket_(websocket) {}

  [[nodiscard]] bool await_ready() const noexcept { return websocket_.closed_; }
  void await_suspend(std::coroutine_handle<> awaiting) {
    resumption_.set(awaiting);
    websocket_.waiters().close.push_back(resumption_);
  }
  void await_resume() const noexcept {}

 private:
  Websocket& websocket_;
  Resumption resumption_;
};

/// Waits from its construction on, so that a pong that comes before the co_await counts.
class [[nodiscard]] PingAwaiter final : public Runnable {
 public:
  PingAwaiter(Websocket& websocket, std::string payload, TimePoint sent)
      : websocket_(websocket), payload_(std::move(payload)), sent_(sent) {
    websocket_.waiters().ping.push_back(*this);
  }

  [[nodiscard]] bool await_ready() const noexcept { return done_; }
  void await_suspend(std::coroutine_handle<> awaiting) noexcept { awaiting_ = awaiting; }
  /// Throws ConnectionClosed where no pong can come any more.
  Duration await_resume() const {
    if (!latency_) websocket::throw_connection_closed(websocket_.closing_, true);
    return *latency_;
  }

  void run() override { awaiting_.resume(); }

 private:
  friend class aiopyr::Websocket;

  /// Out of the websocket's list already.
  void end(std::optional<Duration> latency, Loop& loop) {
    done_ = true;
    latency_ = latency;
    if (awaiting_) loop.call_soon(*this);
  }

  Websocket& websocket_;
  std::string payload_;
  TimePoint sent_;
  bool done_ = false;
  std::optional<Duration> latency_;
  std::coroutine_handle<> awaiting_;
};

}  // namespace aiopyr::detail

namespace aiopyr {

inline detail::RecvAwaiter Websocket::recv() { return detail::RecvAwaiter(*this); }

}  // namespace aiopyr

#pragma once

#include <coroutine>
#include <optional>

#include <aiopyr/runtime/async/runnable.h>
#include <aiopyr/websocket/message.h>
#include <aiopyr/websocket/websocket.h>

/// What recv(), send() and close() of a Websocket return. They live in the frame of the coroutine
/// that awaits them, have no frame of their own, and take themselves out of the websocket's books
/// when that coroutine is cancelled.
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
  void await_suspend(std::coroutine_handle<> awaiting) noexcept {
    resumption_.set(awaiting);
    websocket_.close_waiters_.push_back(resumption_);
  }
  void await_resume() const noexcept {}

 private:
  Websocket& websocket_;
  Resumption resumption_;
};

}  // namespace aiopyr::detail

namespace aiopyr {

inline detail::RecvAwaiter Websocket::recv() { return detail::RecvAwaiter(*this); }

}  // namespace aiopyr

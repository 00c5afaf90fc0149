#pragma once

#include <coroutine>
#include <optional>
#include <string>
#include <utility>

#include <aiopyr/runtime/async/loop/runnable.h>
#include <aiopyr/runtime/async/loop/timer.h>
#include <aiopyr/websocket/messages/message.h>
#include <aiopyr/websocket/session/errors.h>
#include <aiopyr/websocket/session/session.h>
#include <aiopyr/websocket/session/websocket.h>

/// The awaitables of recv(), send(), close() and ping() of a Websocket. They live in the frame of
/// the awaiting coroutine, have no frame of their own, and unregister themselves when that
/// coroutine is cancelled. They are [[nodiscard]]: send() without its wait has no bound, and
/// close() or ping() without one reports nothing. To drop one on purpose, write
/// `static_cast<void>(ws.close())`, or use try_send().
namespace aiopyr::detail {

class [[nodiscard]] RecvAwaiter {
 public:
  explicit RecvAwaiter(websocket::Session& session) noexcept : session_(session) {}

  [[nodiscard]] bool await_ready() {
    const bool is_ready = session_.inbox().take(reader_);
    if (reader_.has_message()) session_.stream().on_recv();
    return is_ready;
  }
  void await_suspend(std::coroutine_handle<> awaiting) {
    session_.inbox().wait(reader_, awaiting);
    session_.stream().on_recv();
  }
  [[nodiscard]] std::optional<Message> await_resume() noexcept { return reader_.take(); }

 private:
  websocket::Session& session_;
  websocket::Inbox::Reader reader_;
};

class [[nodiscard]] SendAwaiter {
 public:
  explicit SendAwaiter(websocket::Session& session) noexcept : session_(session) {}

  [[nodiscard]] bool await_ready() const noexcept { return !session_.outbox().is_congested(); }
  void await_suspend(std::coroutine_handle<> awaiting) {
    suspended_ = true;
    resumption_.set(awaiting);
    session_.outbox().wait(resumption_);
  }
  void await_resume() const {
    if (suspended_ && session_.is_lost()) {
      websocket::throw_connection_closed(session_.closing(), true);
    }
  }

 private:
  websocket::Session& session_;
  bool suspended_ = false;
  Resumption resumption_;
};

class [[nodiscard]] CloseAwaiter {
 public:
  explicit CloseAwaiter(websocket::Session& session) noexcept : session_(session) {}

  [[nodiscard]] bool await_ready() const noexcept { return session_.is_closed(); }
  void await_suspend(std::coroutine_handle<> awaiting) {
    resumption_.set(awaiting);
    session_.wait_for_close(resumption_);
  }
  void await_resume() const noexcept {}

 private:
  websocket::Session& session_;
  Resumption resumption_;
};

/// Waits from its construction on, so that a pong that comes before the co_await counts.
class [[nodiscard]] PingAwaiter {
 public:
  PingAwaiter(websocket::Session& session, std::string payload, TimePoint sent)
      : session_(session), wait_(std::move(payload), sent) {
    session_.pings().add(wait_);
  }

  [[nodiscard]] bool await_ready() const noexcept { return wait_.is_done(); }
  void await_suspend(std::coroutine_handle<> awaiting) noexcept { wait_.set_awaiting(awaiting); }
  /// Throws ConnectionClosed if no pong can come any more.
  Duration await_resume() const {
    if (!wait_.latency()) websocket::throw_connection_closed(session_.closing(), true);
    return *wait_.latency();
  }

 private:
  websocket::Session& session_;
  websocket::Pings::Wait wait_;
};

}  // namespace aiopyr::detail

namespace aiopyr {

inline detail::RecvAwaiter Websocket::recv() { return detail::RecvAwaiter(session_); }

}  // namespace aiopyr

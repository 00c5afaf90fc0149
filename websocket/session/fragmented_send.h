#pragma once

#include <concepts>
#include <coroutine>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <aiopyr/runtime/async/loop/runnable.h>
#include <aiopyr/runtime/async/tasks/task.h>
#include <aiopyr/runtime/text/utf8_validator.h>
#include <aiopyr/websocket/session/websocket.h>

/// Sends one message in several frames while it is produced (RFC 6455 section 5.4).
namespace aiopyr {

namespace detail {

template <class T>
concept FragmentRange = std::ranges::input_range<T> &&
    std::convertible_to<std::ranges::range_reference_t<T>, std::string_view>;

/// A coroutine that returns the next piece each time it is called, as Python's __anext__.
template <class T>
concept FragmentGenerator = requires(T& next) {
  { *next().take_result() } -> std::convertible_to<std::string_view>;
  { next().take_result().has_value() } -> std::same_as<bool>;
};

/// A message that is being sent in pieces. Lives in the frame of send_fragments(); once it has
/// begun, other messages wait until it has ended. If it is destroyed before, the message is cut
/// short, and only the end of the connection can tell the peer: 1011.
class FragmentedSend {
 public:
  FragmentedSend(websocket::Session& session, websocket::Opcode type) noexcept
      : session_(session), type_(type) {}
  ~FragmentedSend();
  FragmentedSend(const FragmentedSend&) = delete;
  FragmentedSend& operator=(const FragmentedSend&) = delete;

  /// An awaitable that continues once the piece has room in the output.
  class Room {
   public:
    explicit Room(FragmentedSend& message) noexcept : message_(message) {}
    [[nodiscard]] bool await_ready() const noexcept {
      return !message_.session_.stream().is_full();
    }
    void await_suspend(std::coroutine_handle<> awaiting) {
      resumption_.set(awaiting);
      message_.waiting_.add(resumption_);
    }
    void await_resume() const noexcept {}

   private:
    FragmentedSend& message_;
    Resumption resumption_;
  };

  /// Sends the next piece at once. Throws ConnectionClosed once either side has closed, Error if a
  /// text is not UTF-8.
  Room send(std::string_view piece);
  /// Ends the message, with an empty frame, since any piece might have been the last one. Sends
  /// nothing if there were no pieces.
  void end();

  /// Returns whether a piece has been sent and the message has not ended.
  [[nodiscard]] bool has_begun() const noexcept { return begun_; }

 private:
  websocket::Session& session_;
  websocket::Opcode type_;
  Utf8Validator utf8_;
  bool begun_ = false;
  websocket::WaitList waiting_;  // waits for room; one at most
};

}  // namespace detail

template <class Source>
Task<> Websocket::send_fragments(MessageKind kind, Source source) {
  detail::FragmentedSend message(
      session_, kind == MessageKind::kText ? websocket::Opcode::kText : websocket::Opcode::kBinary);
  if constexpr (detail::FragmentRange<Source>) {
    for (auto&& piece : source) {
      while (!message.has_begun() && session_.outbox().is_congested()) {
        co_await detail::SendAwaiter(session_);
      }
      co_await message.send(piece);
    }
  } else {
    static_assert(detail::FragmentGenerator<Source>,
                  "give a range of strings, or what returns a Task<std::optional<std::string>>");
    for (;;) {
      const auto piece = co_await source();
      if (!piece) break;
      while (!message.has_begun() && session_.outbox().is_congested()) {
        co_await detail::SendAwaiter(session_);
      }
      co_await message.send(*piece);
    }
  }
  message.end();
}

}  // namespace aiopyr

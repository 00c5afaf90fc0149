#pragma once

#include <concepts>
#include <coroutine>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <aiopyr/runtime/async/runnable.h>
#include <aiopyr/runtime/async/task.h>
#include <aiopyr/websocket/protocol/utf8.h>
#include <aiopyr/websocket/websocket.h>

/// Sending one message in several frames while it is produced (RFC 6455 section 5.4).
namespace aiopyr {

namespace detail {

template <class T>
concept FragmentRange = std::ranges::input_range<T> &&
    std::convertible_to<std::ranges::range_reference_t<T>, std::string_view>;

/// A coroutine that gives the next piece each time it is called, as Python's __anext__.
template <class T>
concept FragmentGenerator = requires(T& next) {
  { *next().take_result() } -> std::convertible_to<std::string_view>;
  { next().take_result().has_value() } -> std::same_as<bool>;
};

/// The message that is being sent. Lives in the frame of send_fragments(); once it has begun, other
/// messages wait until it has ended. Destroyed before that, it has cut the message short, which
/// only the end of the connection can tell the peer: 1011.
class FragmentedSend {
 public:
  FragmentedSend(Websocket& websocket, websocket::Opcode type) noexcept
      : websocket_(websocket), type_(type) {}
  ~FragmentedSend();
  FragmentedSend(const FragmentedSend&) = delete;
  FragmentedSend& operator=(const FragmentedSend&) = delete;

  /// Awaitable: goes on once the piece has room in the output.
  class Room {
   public:
    explicit Room(Websocket& websocket) noexcept : websocket_(websocket) {}
    [[nodiscard]] bool await_ready() const noexcept { return !websocket_.is_full(); }
    void await_suspend(std::coroutine_handle<> awaiting) noexcept {
      resumption_.set(awaiting);
      websocket_.fragmented_->waiters_.push_back(resumption_);
    }
    void await_resume() const noexcept {}

   private:
    Websocket& websocket_;
    Resumption resumption_;
  };

  /// Sends the next piece at once. Throws ConnectionClosed once either side has closed, Error where
  /// a text is not UTF-8.
  Room send(std::string_view piece);
  /// Ends the message, with an empty frame: until now any piece might have been the last one. Sends
  /// nothing where there were no pieces.
  void end();

  /// Whether a piece has been sent and the message has not ended.
  [[nodiscard]] bool has_begun() const noexcept { return begun_; }
  [[nodiscard]] IntrusiveList<Runnable>& waiters() noexcept { return waiters_; }

 private:
  void release() noexcept;

  Websocket& websocket_;
  websocket::Opcode type_;
  websocket::Utf8Validator utf8_;
  bool begun_ = false;
  IntrusiveList<Runnable> waiters_;  // for room: one at most
};

}  // namespace detail

template <class Source>
Task<> Websocket::send_fragments(MessageKind kind, Source source) {
  detail::FragmentedSend message(
      *this, kind == MessageKind::kText ? websocket::Opcode::kText : websocket::Opcode::kBinary);
  if constexpr (detail::FragmentRange<Source>) {
    for (auto&& piece : source) {
      while (!message.has_begun() && is_congested()) co_await detail::SendAwaiter(*this);
      co_await message.send(piece);
    }
  } else {
    static_assert(detail::FragmentGenerator<Source>,
                  "give a range of strings, or what returns a Task<std::optional<std::string>>");
    for (;;) {
      const auto piece = co_await source();
      if (!piece) break;
      while (!message.has_begun() && is_congested()) co_await detail::SendAwaiter(*this);
      co_await message.send(*piece);
    }
  }
  message.end();
}

}  // namespace aiopyr

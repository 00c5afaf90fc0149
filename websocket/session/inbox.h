#pragma once

#include <coroutine>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <aiopyr/websocket/messages/message.h>

namespace aiopyr::websocket {

/// The messages of one connection that have not been received yet, and the one coroutine that waits
/// for the next. Root context, no I/O. An empty inbox has no heap memory.
class Inbox {
 public:
  /// A coroutine's wait for the next message. Lives in its awaiter; its destructor ends the wait,
  /// and loses no message.
  class Reader {
   public:
    Reader() noexcept = default;
    ~Reader() {
      if (inbox_ != nullptr) inbox_->reader_ = nullptr;
    }
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    [[nodiscard]] bool has_message() const noexcept { return message_.has_value(); }
    /// Returns the message; nullopt if the input has ended.
    [[nodiscard]] std::optional<Message> take() noexcept { return std::move(message_); }

   private:
    friend class Inbox;

    /// Ends the wait; may destroy this object.
    void resume() {
      inbox_ = nullptr;
      awaiting_.resume();
    }

    Inbox* inbox_ = nullptr;  // while it waits
    std::coroutine_handle<> awaiting_;
    std::optional<Message> message_;
  };

  Inbox() = default;
  ~Inbox() {
    if (reader_ != nullptr) reader_->inbox_ = nullptr;
  }
  Inbox(const Inbox&) = delete;
  Inbox& operator=(const Inbox&) = delete;

  /// Gives `reader` the next message that is kept, or nullopt once the input has ended. Returns
  /// false if it has to wait. Throws ConcurrencyError if another one waits.
  [[nodiscard]] bool take(Reader& reader);
  /// Makes `reader` wait. Requires that take() has returned false.
  void wait(Reader& reader, std::coroutine_handle<> awaiting) noexcept;

  /// Hands a message to the waiting coroutine, which runs before this returns, or keeps it.
  void deliver(Message&& message);
  /// Ends the input: a waiting coroutine gets nullopt, before this returns.
  void end();

  [[nodiscard]] bool has_ended() const noexcept { return ended_; }
  [[nodiscard]] bool has_reader() const noexcept { return reader_ != nullptr; }
  /// Returns how many messages are kept.
  [[nodiscard]] std::size_t size() const noexcept {
    return kept_ ? kept_->messages.size() - kept_->taken : 0;
  }

 private:
  struct Kept {
    std::vector<Message> messages;
    std::size_t taken = 0;  // how many at the front were taken
  };

  void keep(Message&& message);

  std::unique_ptr<Kept> kept_;  // null while it is empty
  Reader* reader_ = nullptr;
  bool ended_ = false;
};

}  // namespace aiopyr::websocket

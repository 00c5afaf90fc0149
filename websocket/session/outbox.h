#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include <aiopyr/runtime/topics/publication.h>
#include <aiopyr/websocket/messages/slow_client.h>
#include <aiopyr/websocket/session/backlog.h>
#include <aiopyr/websocket/session/stream.h>
#include <aiopyr/websocket/session/wait_list.h>

namespace aiopyr::websocket {

/// The order in which the messages of one connection leave: the view's own, those of others, and
/// one that is sent in pieces, which no other message may interrupt (RFC 6455 section 5.4).
/// Messages that cannot leave wait in a backlog, and waiting senders in a list. Root context, no
/// I/O.
class Outbox {
 public:
  /// Takes the stream, which outlives it.
  explicit Outbox(Stream& stream) noexcept : stream_(stream) {}

  [[nodiscard]] Stream& stream() const noexcept { return stream_; }

  /// Returns whether a send() would have to wait.
  [[nodiscard]] bool is_congested() const noexcept {
    return pieces_ != nullptr || backlog_ || stream_.is_full();
  }

  /// Sends a message of the view, or keeps it behind those that wait.
  void send(Opcode type, std::string_view payload) {
    if (pieces_ != nullptr || backlog_) return keep(type, payload);
    stream_.put_message(type, payload);
  }

  enum class Pushed {
    kSent,     ///< the connection may be lost with it
    kKept,     ///< it waits, has replaced one that waited, or was dropped
    kRefused,  ///< the policy is to close the connection
  };
  /// Sends a publication, or treats it by `policy`. A message without a key is not coalesced.
  Pushed push(const topics::SharedPublication& publication, const SlowClientPolicy& policy,
              Backlog::Sender sender, std::string_view key);

  /// Called when the output has room: moves waiting messages into it. Returns whether it moved any.
  bool release();
  /// Called when the connection closes: sends the view's own waiting messages, after which nothing
  /// can be sent, and drops the others. Drops all if a message in pieces has not ended, as the peer
  /// waits for the rest of that.
  void empty();
  /// Called when the stream is lost: drops the messages, and wakes all that wait.
  void drop();

  /// Begins a message in pieces: all others wait until it ends. Its sender waits for room in
  /// `waiting`, which outlives the message.
  void begin_pieces(WaitList& waiting) noexcept { pieces_ = &waiting; }
  void end_pieces() noexcept { pieces_ = nullptr; }

  /// Makes `sender` wait until the outbox is not congested.
  void wait(Runnable& sender) { senders_.add(sender); }
  /// Resumes waiting senders, in the loop's next turn, as far as there is room for them.
  void wake_senders();

  /// Returns whether a message or a sender waits for room in the output.
  [[nodiscard]] bool has_waiting() const noexcept {
    return pieces_ != nullptr || backlog_ || !senders_.empty();
  }
  /// Returns how many messages wait, in all or of one sender.
  [[nodiscard]] std::size_t size() const noexcept { return backlog_ ? backlog_->size() : 0; }
  [[nodiscard]] std::size_t count(Backlog::Sender sender) const noexcept {
    return backlog_ ? backlog_->count(sender) : 0;
  }

 private:
  void keep(Opcode type, std::string_view payload);
  [[nodiscard]] Backlog& backlog();

  Stream& stream_;
  WaitList* pieces_ = nullptr;        // of the message that is being sent in pieces
  std::unique_ptr<Backlog> backlog_;  // null if nothing waits
  WaitList senders_;
};

}  // namespace aiopyr::websocket

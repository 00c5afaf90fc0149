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
/// one that is sent in pieces, which no other message may interrupt (RFC 6455 section 5.4). What
/// cannot leave now waits in a backlog, and who sends it in a list. Root context, no I/O.
class Outbox {
 public:
  /// `stream` outlives it.
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
    kKept,     ///< it waits, or took the place of one that did, or was dropped
    kRefused,  ///< the policy is to close the connection
  };
  /// Sends what is for many, or does with it as `policy` says. A message without a key is not
  /// coalesced.
  Pushed push(const topics::SharedPublication& publication, const SlowClientPolicy& policy,
              Backlog::Sender sender, std::string_view key);

  /// The output has room: moves what waits into it. Returns whether there was anything that could.
  bool release();
  /// The connection closes: sends what waits of the view's own, behind which nothing can be sent,
  /// and drops the rest. Drops all where a message in pieces has not ended, as the peer waits for
  /// the rest of that.
  void empty();
  /// The stream is lost: drops what waits, and wakes all who do.
  void drop();

  /// A message in pieces begins: all others wait until it ends. `waiting` is who sends it, while
  /// it waits for room; outlives the message.
  void begin_pieces(WaitList& waiting) noexcept { pieces_ = &waiting; }
  void end_pieces() noexcept { pieces_ = nullptr; }

  /// Has `sender` wait until it is not congested.
  void wait(Runnable& sender) { senders_.add(sender); }
  /// Lets those who wait to send go on, in the loop's next turn, where there is room for them.
  void wake_senders();

  /// Returns whether anything, or anybody who sends, waits for room in the output.
  [[nodiscard]] bool has_waiting() const noexcept {
    return pieces_ != nullptr || backlog_ || !senders_.empty();
  }
  /// How many messages wait, of all or of one sender.
  [[nodiscard]] std::size_t size() const noexcept { return backlog_ ? backlog_->size() : 0; }
  [[nodiscard]] std::size_t count(Backlog::Sender sender) const noexcept {
    return backlog_ ? backlog_->count(sender) : 0;
  }

 private:
  void keep(Opcode type, std::string_view payload);
  [[nodiscard]] Backlog& backlog();

  Stream& stream_;
  WaitList* pieces_ = nullptr;        // of a message that has begun
  std::unique_ptr<Backlog> backlog_;  // null where nothing waits
  WaitList senders_;
};

}  // namespace aiopyr::websocket

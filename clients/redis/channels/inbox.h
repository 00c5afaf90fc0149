#pragma once

#include <cstddef>
#include <deque>
#include <exception>
#include <memory>
#include <optional>
#include <string>

#include <aiopyr/runtime/async/tasks/task.h>
#include <aiopyr/runtime/async/waits/event.h>

namespace aiopyr::redis {

/// An event of a subscription: a message of a channel, or that some may be missing.
struct ChannelEvent {
  enum class Kind : unsigned char {
    kMessage,
    /// Messages may be missing here: the connection was lost and made again, or the subscriber was
    /// slower than its buffer. Read anew what the messages are about.
    kGap
  };
  Kind kind = Kind::kMessage;
  std::string channel;
  std::string payload;
  std::string pattern;  ///< of psubscribe(): the pattern that has matched

  [[nodiscard]] bool is_gap() const noexcept { return kind == Kind::kGap; }
};

namespace detail {

/// The events that a subscriber has not taken yet. Bounded: what comes while it is full is dropped,
/// and told by one gap. Loop thread only; held by shared_ptr.
class Inbox {
 public:
  struct Limits {
    std::size_t events = 1024;
    std::size_t bytes = std::size_t{16} * 1024 * 1024;
  };

  explicit Inbox(Limits limits) noexcept : limits_(limits) {}

  void put(ChannelEvent event);
  /// Adds a gap, unless the last event is one.
  void put_gap();
  /// Ends it: next() gives nullopt behind the last event, or throws `error` if there is one.
  void end(std::exception_ptr error = nullptr);

  /// Waits for the next event. Cancelling it leaves the event where it is.
  [[nodiscard]] static Task<std::optional<ChannelEvent>> next(std::shared_ptr<Inbox> inbox);

 private:
  [[nodiscard]] std::optional<ChannelEvent> take();

  Limits limits_;
  std::size_t bytes_ = 0;
  std::deque<ChannelEvent> events_;
  aiopyr::Event arrived_;  // set while there are events, and at the end
  std::exception_ptr error_;
  bool has_ended_ = false;
};

}  // namespace detail
}  // namespace aiopyr::redis

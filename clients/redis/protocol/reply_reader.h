#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <aiopyr/clients/redis/protocol/reply_fault.h>
#include <aiopyr/clients/redis/protocol/value.h>

namespace aiopyr::redis {

/// The limits of a reply. A length that the server announces reserves no memory beyond a few
/// KiB: a reply costs memory only as its bytes arrive.
struct ReplyLimits {
  std::size_t line = std::size_t{64} * 1024;  ///< bytes of one line: an error, a simple string
  std::size_t bytes = std::size_t{512} * 1024 * 1024;   ///< all bytes of one reply
  std::size_t elements = std::size_t{4} * 1024 * 1024;  ///< elements of one reply, inner ones too
  std::size_t depth = 32;                               ///< aggregates within each other
};

/// Reads replies of RESP2 and RESP3 from pieces of any size, without I/O. Takes each piece whole,
/// and keeps what it has of an unfinished reply, so that the buffer of its caller can be used for
/// other connections too.
///
/// Attributes (`|`) are read and dropped. One thread at a time.
class ReplyReader {
 public:
  enum class Status : std::uint8_t {
    kNeedsMore,  ///< the input is used up
    kReply,      ///< a reply is complete: take()
    kFault       ///< fault() says what is wrong; nothing further may be read
  };

  explicit ReplyReader(const ReplyLimits& limits = {}) noexcept : limits_(limits) {}

  /// Reads from `input` up to the end of one reply, and removes from it what was read.
  [[nodiscard]] Status next(std::string_view& input);

  /// Returns the complete reply. Requires: next() has returned kReply; once.
  [[nodiscard]] Value take() noexcept { return std::move(reply_); }

  [[nodiscard]] ReplyFault fault() const noexcept { return fault_; }
  /// Returns whether it is within a reply.
  [[nodiscard]] bool is_within_reply() const noexcept {
    return !open_.empty() || !line_.empty() || state_ != State::kLine;
  }

 private:
  enum class State : std::uint8_t { kLine, kText, kTextEnd };
  /// An aggregate of which elements are missing.
  struct Open {
    Value::Kind kind;
    bool is_attribute;
    std::size_t missing;
    Value::Items items;
  };

  [[nodiscard]] bool read_line(std::string_view& input);
  [[nodiscard]] bool read_text(std::string_view& input);
  [[nodiscard]] bool read_text_end(std::string_view& input);
  void take_line(std::string_view line);
  void begin_text(Value::Kind kind, std::string_view length);
  void begin_items(Value::Kind kind, std::string_view length, bool is_attribute = false);
  void take_integer(std::string_view digits);
  void take_double(std::string_view digits);
  void take_big_number(std::string_view digits);
  void take_bool(std::string_view flag);
  void finish_text();
  void add(Value value);
  void close_finished();
  bool count(std::size_t bytes) noexcept;
  void refuse(ReplyFault fault) noexcept { fault_ = fault; }

  ReplyLimits limits_;
  State state_ = State::kLine;
  ReplyFault fault_ = ReplyFault::kNone;
  bool is_complete_ = false;
  std::string line_;  // the beginning of an unfinished one
  std::string text_;  // of a bulk string
  Value::Kind text_kind_ = Value::Kind::kString;
  std::size_t text_missing_ = 0;  // bytes of a bulk string, or of the CR LF behind it
  std::size_t bytes_ = 0;         // of this reply
  std::size_t elements_ = 0;
  std::vector<Open> open_;
  Value reply_;
};

}  // namespace aiopyr::redis

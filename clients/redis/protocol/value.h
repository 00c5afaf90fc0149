#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// Redis' replies as values. For any thread, one at a time.
namespace aiopyr::redis {

/// One reply, or a part of one: the types of RESP2 and RESP3 (the "RESP3 specification" in Redis'
/// documentation). A RESP2 server sends arrays where a RESP3 server sends maps, sets and pairs, and
/// strings where it sends doubles and booleans; the typed conversions (conversion.h) hide that.
///
/// A value that may be copied and moved. Its depth is limited by the reader (ReplyLimits), so that
/// destroying it needs little stack.
class Value {
 public:
  enum class Kind : std::uint8_t {
    kNull,
    kInteger,
    kDouble,
    kBool,
    kString,        ///< a bulk string: any bytes
    kSimpleString,  ///< a short text, such as `OK`
    kBigNumber,     ///< digits of an integer of any size
    kVerbatim,      ///< a text with its format, `txt` or `mkd`
    kError,         ///< an error inside of a reply, as EXEC may answer: `CODE message`
    kArray,
    kSet,
    kMap,  ///< keys and values by turns
    kPush  ///< what the server sends unasked: messages of channels
  };
  using Items = std::vector<Value>;

  Value() noexcept = default;
  explicit Value(std::int64_t integer) noexcept : kind_(Kind::kInteger), data_(integer) {}
  explicit Value(double number) noexcept : kind_(Kind::kDouble), data_(number) {}
  explicit Value(bool flag) noexcept : kind_(Kind::kBool), data_(flag) {}
  /// Requires: a kind of text. Elsewhere use the other constructors.
  Value(Kind kind, std::string text) noexcept : kind_(kind), data_(std::move(text)) {}
  /// Requires: a kind with items.
  Value(Kind kind, Items items) noexcept : kind_(kind), data_(std::move(items)) {}

  [[nodiscard]] Kind kind() const noexcept { return kind_; }
  [[nodiscard]] bool is_null() const noexcept { return kind_ == Kind::kNull; }
  [[nodiscard]] bool is_error() const noexcept { return kind_ == Kind::kError; }
  /// Returns whether text() may be called.
  [[nodiscard]] bool is_text() const noexcept { return std::holds_alternative<std::string>(data_); }
  /// Returns whether items() may be called.
  [[nodiscard]] bool has_items() const noexcept { return std::holds_alternative<Items>(data_); }

  // Return what is held. Throw std::bad_variant_access for another kind; the conversions of
  // conversion.h say what is wrong instead.
  [[nodiscard]] std::int64_t integer() const { return std::get<std::int64_t>(data_); }
  [[nodiscard]] double number() const { return std::get<double>(data_); }
  [[nodiscard]] bool flag() const { return std::get<bool>(data_); }
  [[nodiscard]] const std::string& text() const& { return std::get<std::string>(data_); }
  [[nodiscard]] std::string text() && { return std::get<std::string>(std::move(data_)); }
  [[nodiscard]] const Items& items() const& { return std::get<Items>(data_); }
  [[nodiscard]] Items& items() & { return std::get<Items>(data_); }
  [[nodiscard]] Items items() && { return std::get<Items>(std::move(data_)); }

  /// Returns the format of a verbatim string, such as `txt`; three spaces for other kinds.
  [[nodiscard]] std::string_view verbatim_format() const& noexcept {
    return {format_.data(), format_.size()};
  }
  std::string_view verbatim_format() const&& = delete;
  void set_verbatim_format(std::string_view format) noexcept {
    format.copy(format_.data(), format_.size());
  }

  /// Compares kinds and contents. NaN equals nothing.
  friend bool operator==(const Value&, const Value&) = default;

 private:
  Kind kind_ = Kind::kNull;
  std::array<char, 3> format_ = {' ', ' ', ' '};
  std::variant<std::monostate, std::int64_t, double, bool, std::string, Items> data_;
};

/// Returns the kind's name for messages, such as `a bulk string`.
[[nodiscard]] std::string_view kind_name(Value::Kind kind) noexcept;

/// Returns the first word of an error's text if it is a code (`WRONGTYPE`, `NOAUTH`), else `ERR`.
[[nodiscard]] std::string_view error_code(std::string_view text) noexcept;

}  // namespace aiopyr::redis

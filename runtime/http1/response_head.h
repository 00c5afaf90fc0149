#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>

/// The head of an HTTP/1 response as bytes (RFC 9112 sections 4 and 5), without I/O. Any thread.
namespace aiopyr {

/// What stands in a head. Refers to what it is made of. Reason and fields are taken as they are:
/// Response and Headers let nothing in that could end a line.
struct ResponseHead {
  using Field = std::pair<std::string, std::string>;

  std::string_view version = "HTTP/1.1";
  int code = 200;  ///< from 100 to 999
  std::string_view reason{};
  std::span<const Field> fields{};
  std::string_view connection{};  ///< the value of a Connection field behind them; empty for none
  std::string_view date{};        ///< that of a Date field behind them; empty for none

  /// Returns how many bytes write() writes.
  [[nodiscard]] std::size_t size() const noexcept;
  /// Writes status line and fields to `to`, but not the empty line that ends a head, so that more
  /// fields may follow. Returns the end of what was written. Requires room for size() bytes.
  char* write(char* to) const noexcept;
  /// Returns the whole head, with its end.
  [[nodiscard]] std::string text() const;
};

/// Ends a line, and a head behind its last line.
inline constexpr std::string_view kEndOfLine = "\r\n";

}  // namespace aiopyr

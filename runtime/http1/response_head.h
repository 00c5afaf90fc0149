#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>

/// Writes the head of an HTTP/1 response (RFC 9112 sections 4 and 5), without I/O. Any thread.
namespace aiopyr {

/// The contents of a head, as views. Reason and fields are written as they are: Response and
/// Headers accept nothing that could end a line.
struct ResponseHead {
  using Field = std::pair<std::string, std::string>;

  std::string_view version = "HTTP/1.1";
  int code = 200;  ///< from 100 to 999
  std::string_view reason{};
  std::span<const Field> fields{};
  std::string_view connection{};  ///< value of a Connection field after them; empty for none
  std::string_view date{};        ///< value of a Date field after them; empty for none

  /// Returns how many bytes write() writes.
  [[nodiscard]] std::size_t size() const noexcept;
  /// Writes status line and fields to `to`, without the empty line that ends a head, so that more
  /// fields may follow. Returns the end of the written text. Requires room for size() bytes.
  char* write(char* to) const noexcept;
  /// Returns the whole head, with the empty line.
  [[nodiscard]] std::string text() const;
};

/// Ends a line; once more after the last line, it ends the head.
inline constexpr std::string_view kEndOfLine = "\r\n";

}  // namespace aiopyr

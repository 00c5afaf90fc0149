#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// Strict UTF-8 checks for what a client sends: paths, parameters, form fields. Stateless; may be
/// used on any thread.
namespace aiopyr {

/// The place and the reason of an error. `reason` is one of Python's three: "invalid start byte",
/// "invalid continuation byte", "unexpected end of data".
struct Utf8Error {
  std::size_t position = 0;
  unsigned char byte = 0;
  std::string_view reason;
};

/// Returns the first error of `text`, if any. Overlong forms, surrogates and code points above
/// U+10FFFF are errors (RFC 3629 section 3).
[[nodiscard]] std::optional<Utf8Error> find_utf8_error(std::string_view text) noexcept;

/// Describes the error in the words of Python's UnicodeDecodeError, which Pyramid's URLDecodeError
/// shows: "'utf-8' codec can't decode byte 0xff in position 1: invalid start byte".
[[nodiscard]] std::string describe(const Utf8Error& error);

/// Returns ISO-8859-1 `text` as UTF-8.
[[nodiscard]] std::string latin1_to_utf8(std::string_view text);

}  // namespace aiopyr

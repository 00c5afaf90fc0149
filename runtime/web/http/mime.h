#pragma once

#include <string_view>

namespace aiopyr {

/// The media type and encoding that a file's name suggests, as Python's mimetypes.guess_type.
struct MimeType {
  std::string_view type;      ///< such as "text/css"; "application/octet-stream" when unknown
  std::string_view encoding;  ///< "gzip" for `x.css.gz`, "br" for `x.css.br`, or empty
};

/// Guesses by the last extension (without case), and by the one before it if the last is that of a
/// compressed file. Any thread; the views are static.
[[nodiscard]] MimeType guess_mime_type(std::string_view path) noexcept;

/// Returns whether a type carries text, and so a charset (text/*, xml; not JSON, which is always
/// UTF-8).
[[nodiscard]] bool mime_type_has_charset(std::string_view type) noexcept;

}  // namespace aiopyr

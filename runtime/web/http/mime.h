#pragma once

#include <string_view>

namespace aiopyr {

/// What a file's name says of its content, as Python's mimetypes.guess_type.
struct MimeType {
  std::string_view type;      ///< such as "text/css"; "application/octet-stream" when unknown
  std::string_view encoding;  ///< "gzip" for `x.css.gz`, "br" for `x.css.br`, or empty
};

/// Looks at the last extension (without case), and at the one before where the last is that of a
/// compressed file. Any thread; the views are static.
[[nodiscard]] MimeType guess_mime_type(std::string_view path) noexcept;

/// Whether a type carries text, and so a charset (text/*, xml; not JSON, which is UTF-8 anyway).
[[nodiscard]] bool mime_type_has_charset(std::string_view type) noexcept;

}  // namespace aiopyr

#pragma once

#include <optional>
#include <string>
#include <string_view>

/// Base64 as cookies and Basic authentication use it. Stateless; any thread.
namespace aiopyr {

/// RFC 4648 section 4, with padding.
[[nodiscard]] std::string base64_encode(std::string_view bytes);
/// RFC 4648 section 5 (`-` and `_`), without padding.
[[nodiscard]] std::string base64url_encode(std::string_view bytes);

/// None where the text is not exactly what the encoder makes of some bytes: other characters, line
/// ends, wrong padding, stray bits at the end.
[[nodiscard]] std::optional<std::string> base64_decode(std::string_view text);
[[nodiscard]] std::optional<std::string> base64url_decode(std::string_view text);

}  // namespace aiopyr

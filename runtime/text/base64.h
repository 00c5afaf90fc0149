#pragma once

#include <optional>
#include <string>
#include <string_view>

/// Base64 as cookies and Basic authentication use it. Stateless; any thread.
namespace aiopyr {

/// Encodes by RFC 4648 section 4, with padding.
[[nodiscard]] std::string base64_encode(std::string_view bytes);
/// Encodes by RFC 4648 section 5 (`-` and `_`), without padding.
[[nodiscard]] std::string base64url_encode(std::string_view bytes);

/// Decodes. Returns nullopt unless the text is exactly what the encoder makes of some bytes: other
/// characters, line ends, wrong padding and stray bits at the end are refused.
[[nodiscard]] std::optional<std::string> base64_decode(std::string_view text);
[[nodiscard]] std::optional<std::string> base64url_decode(std::string_view text);

}  // namespace aiopyr

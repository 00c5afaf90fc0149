#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace aiopyr::detail {

/// Decodes content by its Content-Transfer-Encoding (RFC 2045 section 6), base64 or
/// quoted-printable. `encoding` is in lower case; any other value leaves the content as it is.
/// Returns nullopt if base64 is malformed. Internal to runtime/web; stateless, any thread.
[[nodiscard]] std::optional<std::string> decode_transfer(std::string_view encoding,
                                                         std::string_view content);

}  // namespace aiopyr::detail

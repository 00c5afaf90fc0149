#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace aiopyr::detail {

/// Undoes what a part's Content-Transfer-Encoding says (RFC 2045 section 6): base64 and
/// quoted-printable; `encoding` is in lower case, and any other leaves the content as it is.
/// Nothing where base64 is malformed. Internal to runtime/web; stateless, any thread.
[[nodiscard]] std::optional<std::string> decode_transfer(std::string_view encoding,
                                                         std::string_view content);

}  // namespace aiopyr::detail

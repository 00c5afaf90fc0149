#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace aiopyr {

/// Returns those of `offers` (media types such as "text/html") that an Accept header accepts, the
/// client's preferred one first, and in the order of `offers` if it has no preference (RFC 9110
/// section 12.5.1, webob's acceptable_offers). A missing or malformed header accepts all. Any
/// thread; the views are those of `offers`.
[[nodiscard]] std::vector<std::string_view> acceptable_offers(
    std::string_view accept, std::span<const std::string_view> offers);

/// Returns whether an Accept-Encoding header accepts a content coding such as "gzip" (RFC 9110
/// section 12.5.3). A missing header does not, as in Pyramid: the client may support none.
[[nodiscard]] bool accepts_encoding(std::string_view accept_encoding, std::string_view coding);

}  // namespace aiopyr

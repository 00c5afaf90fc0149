#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace aiopyr {

/// Those of `offers` (media types such as "text/html") that an Accept header takes, the client's
/// preferred one first and in the order of `offers` where it has no preference (RFC 9110 section
/// 12.5.1, webob's acceptable_offers). A missing or malformed header takes all. Any thread; the
/// views are those of `offers`.
[[nodiscard]] std::vector<std::string_view> acceptable_offers(
    std::string_view accept, std::span<const std::string_view> offers);

/// Whether an Accept-Encoding header takes a content coding such as "gzip" (RFC 9110 section
/// 12.5.3). A missing one does not, as in Pyramid: it may come from a client that knows none.
[[nodiscard]] bool accepts_encoding(std::string_view accept_encoding, std::string_view coding);

}  // namespace aiopyr

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

}  // namespace aiopyr

#pragma once

#include <string>
#include <string_view>

#include <aiopyr/aiopyr.h>

namespace wiki {

/// Where a login leads to: `next`, if it is a place on this site, else the front page. What comes
/// in is not to be trusted, since anybody can make a link with a `next` in it.
///
/// `next` is a URL of this site, a path, or the name of a page; what is returned is a URL that
/// begins with this site's host, whatever `next` is.
[[nodiscard]] std::string safe_next_url(aiopyr::Request& request, std::string_view next);

}  // namespace wiki

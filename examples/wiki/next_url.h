#pragma once

#include <string>
#include <string_view>

#include <aiopyr/aiopyr.h>

namespace wiki {

/// Returns where a login leads: to `next`, if it is a place on this site, else to the front page.
/// The input is not trusted, since any site can make a link with a `next`.
///
/// `next` is a URL of this site, a path, or the name of a page; the result is a URL that always
/// begins with this site's host.
[[nodiscard]] std::string safe_next_url(aiopyr::Request& request, std::string_view next);

}  // namespace wiki

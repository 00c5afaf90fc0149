#pragma once

#include <string>
#include <string_view>

#include <aiopyr/aiopyr.h>

namespace shared {

/// Returns where a login leads: to `next`, if it is a place on this site, else to `home`. The input
/// is not trusted, since any site can make a link with a `next`.
///
/// `next` is a URL of this site, a path, or the name of a page below the application's URL, of at
/// most 2000 bytes behind the host; the result is a URL that always begins with this site's host.
[[nodiscard]] std::string safe_next_url(aiopyr::Request& request, std::string_view next,
                                        const std::string& home);

/// Returns where the form of the route `login` leads: to its field or parameter `next`, else to the
/// page that the visitor came from, else to `home`; never to the form itself.
[[nodiscard]] std::string url_after_login(aiopyr::Request& request, const std::string& home);

/// Returns the answer that leads an anonymous visitor to the form, and from there back to here: a
/// forbidden view for requests that are not authenticated.
[[nodiscard]] aiopyr::Task<aiopyr::Response> to_login(aiopyr::Request& request);

}  // namespace shared

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <aiopyr/runtime/web/url/url_options.h>

/// Helpers of all URL generation (pyramid.url). Internal to runtime/web.
namespace aiopyr {
class Request;
}

namespace aiopyr::detail {

/// Returns the part before the path: scheme, host, port and script name of the request, unless the
/// options replace them; `app_url` as it is.
[[nodiscard]] std::string app_url_of(const Request& request, const UrlOptions& options);

/// Returns query and anchor, quoted, with their `?` and `#`.
[[nodiscard]] std::string query_and_anchor(const UrlQuery& query, std::string_view anchor);

/// Returns the elements, quoted and joined with `/`.
[[nodiscard]] std::string join_elements(const std::vector<std::string>& elements);

/// Returns the script name, quoted: the app_url of the functions that return a path only.
[[nodiscard]] std::string script_path(const Request& request);

}  // namespace aiopyr::detail

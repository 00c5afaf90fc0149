#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <aiopyr/runtime/web/url/url_options.h>

/// What all URL generation shares (pyramid.url). Internal to runtime/web.
namespace aiopyr {
class Request;
}

namespace aiopyr::detail {

/// What comes before the path: scheme, host, port and script name, by the request unless the
/// options tell otherwise; `app_url` as it is.
[[nodiscard]] std::string app_url_of(const Request& request, const UrlOptions& options);

/// Query and anchor, quoted, with their `?` and `#`.
[[nodiscard]] std::string query_and_anchor(const UrlQuery& query, std::string_view anchor);

/// Quoted and joined with `/`.
[[nodiscard]] std::string join_elements(const std::vector<std::string>& elements);

/// The script name, quoted: the app_url of the forms that give a path only.
[[nodiscard]] std::string script_path(const Request& request);

}  // namespace aiopyr::detail

#pragma once

#include <string>
#include <string_view>

#include <aiopyr/runtime/web/routing/routes.h>
#include <aiopyr/runtime/web/views/view_options.h>

/// Makes a route from the arguments of add_route(): pyramid.config.routes. Called while the app is
/// configured.
namespace aiopyr::detail {

/// Returns a route without its predicates. Throws ConfigurationError for a missing name, an invalid
/// pattern, and options that contradict each other or the pattern.
[[nodiscard]] Route make_route(const std::string& name, const std::string& pattern,
                               std::string_view prefix, const RouteOptions& options);

/// Joins the prefixes of an include and of one within it: without slashes around them, and with one
/// in between.
[[nodiscard]] std::string join_prefix(std::string_view outer, std::string_view inner);

/// Returns whether a pattern is the URL of another site: `https://example.com/x` or
/// `//example.com/x`.
[[nodiscard]] bool is_external_url(std::string_view pattern) noexcept;

}  // namespace aiopyr::detail

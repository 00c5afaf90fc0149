#pragma once

#include <string>
#include <string_view>

#include <aiopyr/runtime/web/routes.h>
#include <aiopyr/runtime/web/view_options.h>

/// From what add_route() is told to a route: pyramid.config.routes. While the app is configured.
namespace aiopyr::detail {

/// All but the predicates. Throws ConfigurationError for a missing name, a pattern that cannot be
/// read, and options that contradict each other or the pattern.
[[nodiscard]] Route make_route(const std::string& name, const std::string& pattern,
                               std::string_view prefix, const RouteOptions& options);

/// The prefix of an include within an include: no slashes around it, one in between.
[[nodiscard]] std::string join_prefix(std::string_view outer, std::string_view inner);

/// Whether it is the URL of another site: `https://example.com/x` or `//example.com/x`.
[[nodiscard]] bool is_external_url(std::string_view pattern) noexcept;

}  // namespace aiopyr::detail

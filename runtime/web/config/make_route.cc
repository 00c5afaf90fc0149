#include <algorithm>
#include <utility>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/web/config/make_route.h>

namespace aiopyr::detail {

namespace {

std::string_view strip_slashes_right(std::string_view text) noexcept {
  while (text.ends_with('/')) text.remove_suffix(1);
  return text;
}

std::string_view strip_slashes_left(std::string_view text) noexcept {
  while (text.starts_with('/')) text.remove_prefix(1);
  return text;
}

/// Returns where the authority of an external URL begins, behind `//`; npos for one of our own.
std::size_t find_authority(std::string_view pattern) noexcept {
  if (pattern.starts_with("//")) return pattern.size() > 2 ? 2 : std::string_view::npos;
  const auto colon = pattern.find("://");
  if (colon == std::string_view::npos || colon == 0) return std::string_view::npos;
  const std::string_view scheme = pattern.substr(0, colon);
  const bool is_scheme = std::all_of(scheme.begin(), scheme.end(), [](char c) {
    return is_ascii_alnum(c) || c == '+' || c == '-' || c == '.';
  });
  return is_scheme ? colon + 3 : std::string_view::npos;
}

std::string with_prefix(std::string_view prefix, const std::string& pattern, bool inherit_slash) {
  if (prefix.empty()) return pattern;
  if (pattern.empty() && inherit_slash) return std::string(prefix);
  return std::string(strip_slashes_right(prefix)).append("/").append(strip_slashes_left(pattern));
}

/// Makes the pattern. Throws for a placeholder that the route's own pattern does not have: its
/// value would be missing in every request.
RoutePattern make_traverse(const std::string& text, const RoutePattern& pattern) {
  RoutePattern traverse(text);
  const auto names = pattern.names();
  const auto asked = traverse.names();
  const auto missing = std::find_if(asked.begin(), asked.end(), [&names](const std::string& name) {
    return std::find(names.begin(), names.end(), name) == names.end();
  });
  if (missing != asked.end()) {
    throw ConfigurationError("its traverse '" + text + "' asks for '" + *missing +
                             "', which is not in its pattern '" + pattern.text() + "'");
  }
  return traverse;
}

Route make_external_route(const std::string& name, std::string_view url) {
  const auto path = std::min(url.find('/', find_authority(url)), url.size());
  Route route{name, RoutePattern(url.substr(path))};
  route.external_url = url.substr(0, path);
  route.is_static = true;
  return route;
}

Route make_own_route(const std::string& name, const std::string& pattern, std::string_view prefix,
                     const RouteOptions& options) {
  Route route{name, RoutePattern(with_prefix(prefix, pattern, options.inherit_slash))};
  route.is_static = options.is_static;
  return route;
}

}  // namespace

Route make_route(const std::string& name, const std::string& pattern, std::string_view prefix,
                 const RouteOptions& options) {
  if (name.empty()) throw ConfigurationError("a route needs a name");
  if (options.inherit_slash && !pattern.empty()) {
    throw ConfigurationError("inherit_slash is for an empty pattern, and this is '" + pattern +
                             "'");
  }
  Route route = is_external_url(pattern) ? make_external_route(name, pattern)
                                         : make_own_route(name, pattern, prefix, options);
  route.factory = options.factory;
  route.pregenerator = options.pregenerator;
  route.use_global_views = options.use_global_views;
  if (!options.traverse.empty()) route.traverse = make_traverse(options.traverse, route.pattern);
  return route;
}

std::string join_prefix(std::string_view outer, std::string_view inner) {
  std::string prefix(strip_slashes_right(outer));
  inner = strip_slashes_left(strip_slashes_right(inner));
  if (!prefix.empty() && !inner.empty()) prefix += '/';
  return prefix.append(inner);
}

bool is_external_url(std::string_view pattern) noexcept {
  return find_authority(pattern) != std::string_view::npos;
}

}  // namespace aiopyr::detail

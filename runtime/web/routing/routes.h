#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <aiopyr/runtime/web/context/resource.h>
#include <aiopyr/runtime/web/routing/predicate_list.h>
#include <aiopyr/runtime/web/routing/route_index.h>
#include <aiopyr/runtime/web/routing/route_pattern.h>
#include <aiopyr/runtime/web/url/url_options.h>

namespace aiopyr {

class Request;

/// Makes the root of a request, on the request's fiber, never null; kept as long as the request.
using RootFactory = std::function<std::shared_ptr<Resource>(Request&)>;

/// Changes the arguments of route_url() before it makes a URL (pyramid's IRoutePregenerator).
using Pregenerator = std::function<void(Request&, RouteValues& values, UrlOptions& options)>;

/// A named pattern, with the options of add_route().
struct Route {
  std::string name;
  RoutePattern pattern;
  PredicateSet predicates{};
  RootFactory factory{};  ///< replaces the app's factory; empty: none
  Pregenerator pregenerator{};
  std::optional<RoutePattern> traverse{};  ///< the path of the context below the root
  bool is_static = false;                  ///< for URL generation only; never matched
  bool use_global_views = false;           ///< views without a route serve it if its own do not
  /// "https://example.com" or "//example.com" of an external route; empty for the app's own.
  std::string external_url{};
};

/// The routes in their order: pyramid.urldispatch.RoutesMapper. Written while the app is
/// configured, read-only afterwards.
class RoutesMapper {
 public:
  /// Appends a route, and removes an earlier one of the same name (pyramid.urldispatch).
  void connect(Route route);

  /// Returns the first route whose pattern matches the request's path and whose predicates all
  /// match; null if there is none. Stores the route and its matchdict in the request, the matchdict
  /// before the predicates are called. Then adds the segments of the route's `traverse` to the
  /// matchdict under this name, unless the pattern has such a part itself. Throws HTTPBadRequest
  /// for a path that is not UTF-8.
  const Route* match(Request& request) const;

  [[nodiscard]] const Route* find(std::string_view name) const noexcept;
  /// Returns a message that there is no route of this name, with the known ones: for errors.
  [[nodiscard]] std::string no_such_route(std::string_view name) const;
  [[nodiscard]] const std::vector<Route>& routes() const noexcept { return routes_; }

 private:
  void note(std::size_t at);

  std::vector<Route> routes_;
  std::map<std::string, std::size_t, std::less<>> by_name_;  // index into routes_
  detail::RouteIndex by_path_;
};

}  // namespace aiopyr

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

/// Gives a request its root, on the request's fiber, never null; kept as long as the request.
using RootFactory = std::function<std::shared_ptr<Resource>(Request&)>;

/// Changes what route_url() was given before a URL is made of it (pyramid's IRoutePregenerator).
using Pregenerator = std::function<void(Request&, RouteValues& values, UrlOptions& options)>;

/// A named pattern, and what add_route() was told of it.
struct Route {
  std::string name;
  RoutePattern pattern;
  PredicateSet predicates{};
  RootFactory factory{};  ///< instead of the app's; empty: none
  Pregenerator pregenerator{};
  std::optional<RoutePattern> traverse{};  ///< the path of the context below the root
  bool is_static = false;                  ///< for URL generation only; never matched
  bool use_global_views = false;           ///< views without a route serve it where its own do not
  /// "https://example.com" or "//example.com" of an external route; empty for the app's own.
  std::string external_url{};
};

/// The routes in their order: pyramid.urldispatch.RoutesMapper. Written while the app is
/// configured, read-only afterwards.
class RoutesMapper {
 public:
  /// Appends a route; one of the same name is dropped (pyramid.urldispatch).
  void connect(Route route);

  /// The first route whose pattern matches the request's path and whose predicates are all true; it
  /// and its matchdict are noted in the request, the matchdict before the predicates are asked.
  /// After them the segments of the route's `traverse` are added to it under this name, unless the
  /// pattern has such a part itself. Null where there is none. Throws HTTPBadRequest for a path
  /// that is not UTF-8.
  const Route* match(Request& request) const;

  [[nodiscard]] const Route* find(std::string_view name) const noexcept;
  /// Says that there is no route of this name, and which there are: for errors.
  [[nodiscard]] std::string no_such_route(std::string_view name) const;
  [[nodiscard]] const std::vector<Route>& routes() const noexcept { return routes_; }

 private:
  void note(std::size_t at);

  std::vector<Route> routes_;
  std::map<std::string, std::size_t, std::less<>> by_name_;  // where in routes_
  detail::RouteIndex by_path_;
};

}  // namespace aiopyr

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <aiopyr/runtime/web/predicate_list.h>
#include <aiopyr/runtime/web/route_pattern.h>

namespace aiopyr {

class Request;

/// A named pattern.
struct Route {
  std::string name;
  RoutePattern pattern;
  PredicateSet predicates{};
  bool use_global_views = false;  ///< views without a route serve it where its own do not
};

/// The routes in their order: pyramid.urldispatch.RoutesMapper. Written while the app is
/// configured, read-only afterwards.
class RoutesMapper {
 public:
  /// Appends a route; one of the same name is dropped.
  void connect(Route route);

  /// The first route whose pattern matches the request's path and whose predicates are all true; it
  /// and its matchdict are noted in the request, the matchdict before the predicates are asked.
  /// Null where there is none. Throws HTTPBadRequest for a path that is not UTF-8.
  const Route* match(Request& request) const;

  [[nodiscard]] const Route* find(std::string_view name) const noexcept;
  [[nodiscard]] const std::vector<Route>& routes() const noexcept { return routes_; }

 private:
  std::vector<Route> routes_;
};

}  // namespace aiopyr

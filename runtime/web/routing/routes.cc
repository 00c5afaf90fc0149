#include <utility>

#include <aiopyr/runtime/base/join.h>
#include <aiopyr/runtime/web/request/request.h>
#include <aiopyr/runtime/web/routing/routes.h>
#include <aiopyr/runtime/web/url/path_segments.h>
#include <aiopyr/runtime/web/url/url.h>

namespace aiopyr {

namespace {

MatchDict to_matchdict(const RoutePattern& pattern, PatternMatch match) {
  MatchDict matchdict;
  for (auto& [name, value] : match.values) matchdict.set(std::move(name), std::move(value));
  if (!pattern.rest_name().empty()) matchdict.set(pattern.rest_name(), std::move(match.rest));
  return matchdict;
}

/// Adds the route's `traverse` to the matchdict: pyramid.predicates.TraversePredicate.
void add_traverse(const RoutePattern& pattern, MatchDict& matchdict) {
  if (matchdict.contains("traverse")) return;
  RouteValues values;
  for (auto& [name, text] : matchdict.items()) values.set(name, text);
  matchdict.set("traverse", split_path_info(url_unquote(pattern.generate(values))));
}

}  // namespace

void RoutesMapper::connect(Route route) {
  const auto old = by_name_.find(route.name);
  if (old == by_name_.end()) {
    routes_.push_back(std::move(route));
    note(routes_.size() - 1);
    return;
  }
  routes_.erase(routes_.begin() + static_cast<std::ptrdiff_t>(old->second));
  routes_.push_back(std::move(route));
  by_name_.clear();
  by_path_ = {};
  for (std::size_t at = 0; at < routes_.size(); ++at) note(at);
}

void RoutesMapper::note(std::size_t at) {
  const Route& route = routes_[at];
  by_name_[route.name] = at;
  if (!route.is_static) by_path_.add(at, route.pattern);
}

const Route* RoutesMapper::match(Request& request) const {
  const std::string_view path = request.path_info().empty() ? "/" : request.path_info();
  detail::RouteIndex::Candidates candidates(by_path_, path);
  while (const auto at = candidates.next()) {
    const Route& route = routes_[*at];
    auto match = route.pattern.match(path);
    if (!match) continue;
    request.matchdict() = to_matchdict(route.pattern, std::move(*match));
    if (!all_match(route.predicates.predicates, nullptr, request)) continue;
    if (route.traverse) add_traverse(*route.traverse, request.matchdict());
    request.set_route(&route);
    return &route;
  }
  request.matchdict() = {};
  return nullptr;
}

const Route* RoutesMapper::find(std::string_view name) const noexcept {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : &routes_[found->second];
}

std::string RoutesMapper::no_such_route(std::string_view name) const {
  return "there is no route '" + std::string(name) + "'; " +
         (routes_.empty() ? "there are none at all"
                          : "there are: " + join(routes_, ", ", &Route::name));
}

}  // namespace aiopyr

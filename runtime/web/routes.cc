#include <algorithm>
#include <utility>

#include <aiopyr/runtime/web/request.h>
#include <aiopyr/runtime/web/routes.h>

namespace aiopyr {

namespace {

MatchDict to_matchdict(const RoutePattern& pattern, PatternMatch match) {
  MatchDict matchdict;
  for (auto& [name, value] : match.values) matchdict.set(std::move(name), std::move(value));
  if (!pattern.rest_name().empty()) matchdict.set(pattern.rest_name(), std::move(match.rest));
  return matchdict;
}

}  // namespace

void RoutesMapper::connect(Route route) {
  std::erase_if(routes_, [&](const Route& old) { return old.name == route.name; });
  routes_.push_back(std::move(route));
}

const Route* RoutesMapper::match(Request& request) const {
  const std::string_view path = request.path_info().empty() ? "/" : request.path_info();
  for (const Route& route : routes_) {
    auto match = route.pattern.match(path);
    if (!match) continue;
    request.matchdict() = to_matchdict(route.pattern, std::move(*match));
    if (!all_match(route.predicates.predicates, nullptr, request)) continue;
    request.set_route(&route);
    return &route;
  }
  request.matchdict() = {};
  return nullptr;
}

const Route* RoutesMapper::find(std::string_view name) const noexcept {
  const auto found = std::find_if(routes_.begin(), routes_.end(),
                                  [name](const Route& route) { return route.name == name; });
  return found == routes_.end() ? nullptr : &*found;
}

}  // namespace aiopyr

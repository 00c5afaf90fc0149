#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include <aiopyr/runtime/base/describe.h>
#include <aiopyr/runtime/base/join.h>
#include <aiopyr/runtime/web/dispatch/find_context.h>
#include <aiopyr/runtime/web/introspection/introspection.h>
#include <aiopyr/runtime/web/registry/registry.h>
#include <aiopyr/runtime/web/request/blank_request.h>
#include <aiopyr/runtime/web/routing/predicate_names.h>
#include <aiopyr/runtime/web/traversal/traverser.h>
#include <aiopyr/runtime/web/views/found_views.h>

namespace aiopyr {

namespace {

/// The methods that predicates accept: those that they ask for, and those that they refuse.
struct Methods {
  std::optional<std::set<std::string>> taken;
  std::set<std::string> refused;
};

Methods methods_of(const PredicateSet& predicates) {
  Methods methods;
  for (const Predicate& predicate : predicates.predicates) {
    const PredicateQuestion& question = predicate.question;
    if (question.name != predicate_name::kRequestMethod) continue;
    auto& words = question.is_refused ? methods.refused : methods.taken.emplace();
    words.insert(question.values.begin(), question.values.end());
  }
  return methods;
}

/// Describes the methods that a route and its view accept
/// (pyramid.scripts.proutes._get_request_methods).
std::string describe_methods(const Methods& route, const Methods& view) {
  Methods both = view;
  both.refused.insert(route.refused.begin(), route.refused.end());
  if (!both.taken) {
    both.taken = route.taken;
  } else if (route.taken) {
    std::erase_if(*both.taken, [&](const auto& method) { return !route.taken->contains(method); });
  }
  if (!both.taken) {
    std::string any(kAnyMethod);
    const auto refused = [](const std::string& method) { return "!" + method; };
    return both.refused.empty() ? any : join(both.refused, ",", refused) + "," + any;
  }
  std::erase_if(*both.taken, [&](const auto& method) { return both.refused.contains(method); });
  return both.taken->empty() ? std::string(kNoMethod) : join(*both.taken, ",");
}

/// Returns the pattern, with scheme and host if it is another site's.
std::string pattern_of(const Route& route) { return route.external_url + route.pattern.text(); }

void append_route(std::vector<RouteInfo>& rows, const Route& route,
                  const ViewTable::ByName& by_name) {
  const Methods route_methods = methods_of(route.predicates);
  for (const auto& [name, by_context] : by_name) {
    for (const auto& [context, multi_view] : by_context) {
      for (const View& view : multi_view.views()) {
        rows.push_back({route.name, pattern_of(route), view.callable_name,
                        describe_methods(route_methods, methods_of(view.predicates))});
      }
    }
  }
}

void append_views(std::vector<ViewInfo>& rows, const MultiView& multi_view, const ViewInfo& where) {
  for (const View& view : multi_view.views()) {
    ViewInfo row = where;
    row.predicates = view.predicates.text;
    row.permission = view.permission;
    row.view = view.callable_name;
    row.mapper = view.mapper ? view.mapper->name() : std::string();
    rows.push_back(std::move(row));
  }
}

/// Appends the views of one route or, with an empty name, those without.
void append_views_of(std::vector<ViewInfo>& rows, const ViewTable& table, const std::string& route,
                     const std::string& pattern, bool are_exception_views) {
  const auto by_name = table.by_route().find(route);
  if (by_name == table.by_route().end()) return;
  for (const auto& [name, by_context] : by_name->second) {
    for (const auto& [context, multi_view] : by_context) {
      ViewInfo where;
      where.route = route;
      where.pattern = pattern;
      where.name = name;
      where.context = context.name();
      where.is_exception_view = are_exception_views;
      append_views(rows, multi_view, where);
    }
  }
}

TweenChainInfo chain_of(const std::vector<std::string>& names, bool is_explicit, bool is_used) {
  TweenChainInfo chain{is_used, is_explicit, {{"-", std::string(kIngress)}}};
  for (std::size_t i = 0; i < names.size(); ++i) {
    chain.tweens.push_back({std::to_string(i), names[i]});
  }
  chain.tweens.push_back({"-", std::string(kMain)});
  return chain;
}

}  // namespace

std::vector<RouteInfo> list_routes(const Registry& registry) {
  std::vector<RouteInfo> rows;
  const auto& by_route = registry.views.by_route();
  for (const Route& route : registry.routes.routes()) {
    const auto views = by_route.find(route.name);
    if (views == by_route.end()) {
      rows.push_back({route.name, pattern_of(route), std::string(kUnknownView),
                      describe_methods(methods_of(route.predicates), {})});
    } else {
      append_route(rows, route, views->second);
    }
  }
  return rows;
}

std::vector<ViewInfo> list_views(const Registry& registry) {
  std::vector<ViewInfo> rows;
  for (const Route& route : registry.routes.routes()) {
    append_views_of(rows, registry.views, route.name, pattern_of(route), false);
  }
  append_views_of(rows, registry.views, {}, "/", false);
  for (const Route& route : registry.routes.routes()) {
    append_views_of(rows, registry.exception_views, route.name, pattern_of(route), true);
  }
  append_views_of(rows, registry.exception_views, {}, {}, true);
  return rows;
}

std::vector<ViewInfo> list_views_at(const Registry& registry, std::string_view path) {
  std::vector<ViewInfo> rows;
  BlankRequest request(path, {}, registry);
  bool has_route = false;
  for (const Route& route : registry.routes.routes()) {
    if (route.is_static || !route.pattern.match(request.path_info())) continue;
    has_route = true;
    append_views_of(rows, registry.views, route.name, pattern_of(route), false);
  }
  if (has_route) return rows;
  detail::traverse(registry, request);
  detail::FoundViews found;
  const Resource plain;
  const Resource& context = request.context() != nullptr ? *request.context() : plain;
  registry.views.find({}, request.view_name(), typeid(context), found);
  for (const MultiView* multi_view : found) {
    ViewInfo where;
    where.pattern = "/";
    where.name = request.view_name();
    where.context = type_name(typeid(context));
    append_views(rows, *multi_view, where);
  }
  return rows;
}

std::vector<TweenChainInfo> list_tweens(const Registry& registry) {
  const TweenChain& tweens = registry.tweens;
  std::vector<TweenChainInfo> chains = {chain_of(tweens.names(), tweens.is_explicit(), true)};
  if (tweens.is_explicit()) chains.push_back(chain_of(tweens.implicit_names(), false, false));
  return chains;
}

}  // namespace aiopyr

#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <typeinfo>
#include <utility>
#include <vector>

#include <aiopyr/runtime/base/text_map.h>
#include <aiopyr/runtime/web/context/context_type.h>
#include <aiopyr/runtime/web/http/response.h>
#include <aiopyr/runtime/web/routing/predicate_list.h>
#include <aiopyr/runtime/web/views/mapper_ref.h>
#include <aiopyr/runtime/web/views/view_options.h>

namespace aiopyr {

namespace detail {
class FoundViews;
}

/// A registered view, within all wrappers that its registration asks for.
struct View {
  std::string callable_name;
  MapperRef mapper;  // kept, since the view that it made may refer to it
  PredicateSet predicates{};
  std::vector<std::string> accept{};  ///< the media types of its accept predicate
  std::string permission{};           ///< empty: none
  ViewFunction call;
};

/// The views of one route, name and class of context, which differ by their predicates: pyramid's
/// MultiView.
class MultiView {
 public:
  /// Adds a view, in place of one with the same predicates.
  void add(View view);

  /// Calls the first view whose predicates match; if it throws PredicateMismatch, the next one is
  /// tried. Views with more predicates are tried first; those with an accept predicate before all
  /// others, in the client's order of preference. Throws PredicateMismatch, a 404, if none is left.
  Response operator()(Resource* context, Request& request) const;

  [[nodiscard]] const std::vector<View>& views() const noexcept { return views_; }

 private:
  template <class Views>
  static Response call_first(const Views& views, Resource* context, Request& request);
  [[nodiscard]] std::vector<const View*> order_for(const Request& request) const;

  std::vector<View> views_;
  std::vector<std::string> offers_;  // the media types of all accept predicates
};

/// The key under which views are registered: route (empty: none), name, and the class of their
/// context (null: any).
struct ViewKey {
  std::string route_name;
  std::string name;
  ContextType context;
};

/// All views, found by route, name and context. Written while the app is configured, read-only
/// afterwards.
class ViewTable {
 public:
  using ByContext = std::vector<std::pair<ContextType, MultiView>>;
  using ByName = std::map<std::string, ByContext, std::less<>>;

  void add(const ViewKey& key, View view);

  /// Appends the views of a route and name for contexts of the class `type`, those of the most
  /// derived class first, those for any context last (Pyramid's _find_views).
  void find(std::string_view route_name, std::string_view name, const std::type_info& type,
            detail::FoundViews& found) const;

  [[nodiscard]] const detail::TextMap<ByName>& by_route() const noexcept { return by_route_; }

 private:
  detail::TextMap<ByName> by_route_;
};

}  // namespace aiopyr

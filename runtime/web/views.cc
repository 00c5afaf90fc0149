#include <algorithm>
#include <utility>

#include <aiopyr/runtime/web/request.h>
#include <aiopyr/runtime/web/views.h>

namespace aiopyr {

void MultiView::add(View view) {
  const auto place = std::find_if(views_.begin(), views_.end(), [&](const View& other) {
    return other.predicates.size() < view.predicates.size();
  });
  views_.insert(place, std::move(view));
}

Response MultiView::operator()(Resource* context, Request& request) const {
  for (const View& view : views_) {
    if (!all_match(view.predicates, context, request)) continue;
    try {
      return view.call(context, request);
    } catch (const PredicateMismatch&) {
      // Meant for another context: the next may be the one.
    }
  }
  throw PredicateMismatch(std::string(request.path_info()));
}

void ViewTable::add(const std::string& route_name, const std::string& name, View view) {
  by_route_[route_name][name].add(std::move(view));
}

const MultiView* ViewTable::find(std::string_view route_name,
                                 std::string_view name) const noexcept {
  const auto route = by_route_.find(route_name);
  if (route == by_route_.end()) return nullptr;
  const auto found = route->second.find(name);
  return found == route->second.end() ? nullptr : &found->second;
}

}  // namespace aiopyr

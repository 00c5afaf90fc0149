#include <algorithm>
#include <array>
#include <utility>

#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/web/context/class_lineage.h>
#include <aiopyr/runtime/web/http/accept.h>
#include <aiopyr/runtime/web/request/request.h>
#include <aiopyr/runtime/web/views/found_views.h>
#include <aiopyr/runtime/web/views/view_table.h>

namespace aiopyr {

namespace {

/// Returns the rank of a type for a client that accepts any: Pyramid's default accept view order. A
/// type with parameters comes before the same type without.
std::pair<std::size_t, bool> server_rank(std::string_view offer) noexcept {
  static constexpr std::array<std::string_view, 6> kOrder = {
      "text/html",  "application/xhtml+xml", "application/xml", "text/xml",
      "text/plain", "application/json"};
  const std::string_view type = trim_whitespace(offer.substr(0, offer.find(';')));
  const auto same = [type](std::string_view other) { return ascii_iequals(other, type); };
  const auto place = std::find_if(kOrder.begin(), kOrder.end(), same);
  return {static_cast<std::size_t>(place - kOrder.begin()), offer.find(';') == offer.npos};
}

const View& as_view(const View& view) noexcept { return view; }
const View& as_view(const View* view) noexcept { return *view; }

}  // namespace

void MultiView::add(View view) {
  std::erase_if(views_,
                [&](const View& other) { return other.predicates.text == view.predicates.text; });
  for (const std::string& type : view.accept) {
    if (std::find(offers_.begin(), offers_.end(), type) == offers_.end()) offers_.push_back(type);
  }
  std::stable_sort(offers_.begin(), offers_.end(),
                   [](const auto& a, const auto& b) { return server_rank(a) < server_rank(b); });
  const auto place = std::upper_bound(
      views_.begin(), views_.end(), view,
      [](const View& a, const View& b) { return a.predicates.order < b.predicates.order; });
  views_.insert(place, std::move(view));
}

std::vector<const View*> MultiView::order_for(const Request& request) const {
  std::vector<const View*> order;
  const std::vector<std::string_view> offers(offers_.begin(), offers_.end());
  for (const std::string_view type : acceptable_offers(request.header("Accept"), offers)) {
    for (const View& view : views_) {
      const bool is_offered =
          std::find(view.accept.begin(), view.accept.end(), type) != view.accept.end();
      const bool is_new = std::find(order.begin(), order.end(), &view) == order.end();
      if (is_offered && is_new) order.push_back(&view);
    }
  }
  for (const View& view : views_) {
    if (view.accept.empty()) order.push_back(&view);
  }
  return order;
}

template <class Views>
Response MultiView::call_first(const Views& views, Resource* context, Request& request) {
  for (const auto& each : views) {
    const View& view = as_view(each);
    if (!all_match(view.predicates.predicates, context, request)) continue;
    try {
      return view.call(context, request);
    } catch (const PredicateMismatch&) {
      // This view is for another context: tries the next one.
    }
  }
  throw PredicateMismatch(std::string(request.path_info()));
}

Response MultiView::operator()(Resource* context, Request& request) const {
  if (offers_.empty()) return call_first(views_, context, request);
  return call_first(order_for(request), context, request);
}

void ViewTable::add(const ViewKey& key, View view) {
  ByContext& by_context = by_route_[key.route_name][key.name];
  auto entry = std::find_if(by_context.begin(), by_context.end(),
                            [&](const auto& other) { return other.first == key.context; });
  if (entry == by_context.end()) {
    entry = by_context.insert(by_context.end(), {key.context, MultiView()});
  }
  entry->second.add(std::move(view));
}

void ViewTable::find(std::string_view route_name, std::string_view name, const std::type_info& type,
                     detail::FoundViews& found) const {
  const auto route = by_route_.find(route_name);
  if (route == by_route_.end()) return;
  const auto named = route->second.find(name);
  if (named == route->second.end()) return;
  const ByContext& by_context = named->second;
  const auto any = std::find_if(by_context.begin(), by_context.end(),
                                [](const auto& entry) { return !entry.first; });
  const bool has_any = any != by_context.end();
  if (by_context.size() > (has_any ? 1 : 0)) {
    for (const std::type_info* ancestor : detail::class_lineage(type)) {
      for (const auto& [context, views] : by_context) {
        if (context && *context.type() == *ancestor) found.push_back(&views);
      }
    }
  }
  if (has_any) found.push_back(&any->second);
}

}  // namespace aiopyr

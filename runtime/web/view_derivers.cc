#include <algorithm>
#include <utility>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/placement.h>
#include <aiopyr/runtime/web/registry.h>
#include <aiopyr/runtime/web/request.h>
#include <aiopyr/runtime/web/secured_view.h>
#include <aiopyr/runtime/web/view_callable.h>
#include <aiopyr/runtime/web/view_derivers.h>
#include <aiopyr/runtime/web/view_lookup.h>

namespace aiopyr {

namespace {

constexpr detail::PlacementEnds kDeriverEnds{"view deriver", "INGRESS", "rendered_view"};

ViewFunction timed_view(ViewFunction view, const ViewDeriverInfo& info) {
  const auto timeout = info.options.request_timeout;
  if (!timeout) return view;
  return [view = std::move(view), seconds = *timeout](Resource* context, Request& request) {
    request.environ().set_timeout(seconds);
    return view(context, request);
  };
}

/// A view that is called with the answer of this one, and answers in its place.
ViewFunction owrapped_view(ViewFunction view, const ViewDeriverInfo& info) {
  const std::string& wrapper = info.options.wrapper;
  if (wrapper.empty()) return view;
  return [view = std::move(view), wrapper, name = info.view.name](Resource* context,
                                                                  Request& request) {
    request.set_wrapped_response(view(context, request));
    auto response = render_view_to_response(context, request, wrapper);
    if (!response) {
      throw Error("there is no view '" + wrapper + "', which is to be the wrapper of " + name);
    }
    return std::move(*response);
  };
}

ViewFunction http_cached_view(ViewFunction view, const ViewDeriverInfo& info) {
  const auto& cache = info.options.http_cache;
  if (!cache || asbool(info.registry.settings, "prevent_http_cache")) return view;
  return [view = std::move(view), cache = *cache](Resource* context, Request& request) {
    Response response = view(context, request);
    response.cache_expires(cache.max_age, cache.more);
    return response;
  };
}

ViewFunction decorated_view(ViewFunction view, const ViewDeriverInfo& info) {
  const auto& decorators = info.options.decorators;
  for (auto decorator = decorators.rbegin(); decorator != decorators.rend(); ++decorator) {
    view = (*decorator)(std::move(view));
  }
  return view;
}

}  // namespace

ViewDerivers::ViewDerivers()
    : entries_{{{.name = "timed_view"}, timed_view},
               {{.name = "secured_view"}, detail::secured_view},
               {{.name = "csrf_view"}, detail::csrf_view},
               {{.name = "owrapped_view"}, owrapped_view},
               {{.name = "http_cached_view"}, http_cached_view},
               {{.name = "decorated_view"}, decorated_view}} {}

void ViewDerivers::add(ViewDeriverOptions options, ViewDeriver deriver) {
  const auto is_taken = [&](const Entry& entry) { return entry.options.name == options.name; };
  if (options.name.empty() || options.name == kDeriverEnds.last ||
      std::any_of(entries_.begin(), entries_.end(), is_taken)) {
    throw ConfigurationError("'" + options.name + "' is the name of another view deriver");
  }
  if (options.under == kDeriverEnds.last || options.under == "mapped_view" ||
      options.under == "VIEW") {
    throw ConfigurationError("a view deriver cannot be under " + options.under +
                             ": there is no Response yet");
  }
  if (options.over.empty() && options.under.empty()) options.over = kDeriverEnds.last;
  entries_.push_back({std::move(options), std::move(deriver)});
}

ViewFunction ViewDerivers::derive(ViewFunction view, const ViewDeriverInfo& info) const {
  static const std::size_t kOwn = ViewDerivers().entries_.size();
  std::vector<detail::Placement> wishes;
  for (const Entry& entry : entries_) {
    wishes.push_back({entry.options.name, entry.options.over, entry.options.under});
  }
  const auto order = detail::place_all(wishes, kOwn, kDeriverEnds);
  for (auto index = order.rbegin(); index != order.rend(); ++index) {
    view = entries_[*index].deriver(std::move(view), info);
    if (!view) {
      throw ConfigurationError("the view deriver '" + wishes[*index].name + "' made no view");
    }
  }
  return view;
}

}  // namespace aiopyr

#include <utility>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/derivers/secured_view.h>
#include <aiopyr/runtime/web/dispatch/view_lookup.h>
#include <aiopyr/runtime/web/registry/registry.h>
#include <aiopyr/runtime/web/request/request.h>
#include <aiopyr/runtime/web/views/view_callable.h>
#include <aiopyr/runtime/web/views/view_derivers.h>

/// The derivers that every app has.
namespace aiopyr {

namespace {

ViewFunction timed_view(ViewFunction view, const ViewDeriverInfo& info) {
  const auto timeout = info.options.request_timeout;
  if (!timeout) return view;
  return [view = std::move(view), timeout = *timeout](Resource* context, Request& request) {
    request.set_timeout(timeout);
    return view(context, request);
  };
}

/// Wraps a view by its `wrapper`, a view that gets its answer, and answers in its place.
ViewFunction owrapped_view(ViewFunction view, const ViewDeriverInfo& info) {
  const std::string& wrapper = info.options.wrapper;
  if (wrapper.empty()) return view;
  return [view = std::move(view), wrapper, name = info.view.name](Resource* context,
                                                                  Request& request) {
    request.set_rendered(false);
    Response inner = view(context, request);
    // A rendered answer is the request's response, which the wrapper may render again.
    if (request.is_rendered()) request.exchange_response(inner);
    request.set_wrapped_response(std::move(inner));
    auto response = render_view_to_response(context, request, wrapper);
    if (!response) {
      throw Error("there is no view '" + wrapper +
                  "' without a route for this context, which is to "
                  "be the wrapper of " +
                  name);
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
               {{.name = "decorated_view"}, decorated_view}},
      own_(entries_.size()) {}

}  // namespace aiopyr

#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <aiopyr/runtime/async/loop/duration.h>
#include <aiopyr/runtime/web/context/context_type.h>
#include <aiopyr/runtime/web/http/cache_control.h>
#include <aiopyr/runtime/web/routing/asked.h>
#include <aiopyr/runtime/web/routing/predicates.h>
#include <aiopyr/runtime/web/routing/route_options.h>
#include <aiopyr/runtime/web/routing/string_list.h>
#include <aiopyr/runtime/web/views/mapper_ref.h>

/// The keyword arguments of Pyramid's add_view, for designated initializers:
/// name them in this order. Predicates are explained in predicates.h; each may be not_(value).
namespace aiopyr {

/// A view when all that its registration asks for has been put around it. Called on the request's
/// fiber, with a context that is not null.
using ViewFunction = std::function<Response(Resource* context, Request& request)>;

/// Wraps a view once, when it is registered (pyramid's `decorator`).
using ViewDecorator = std::function<ViewFunction(ViewFunction)>;

/// How long a response may be kept by those on its way (http_cache): `1h`, or with more directives
/// `HttpCache(1h, {.is_public = true})`.
struct HttpCache {
  template <class Rep, class Period>
  HttpCache(std::chrono::duration<Rep, Period> age, CacheControl directives = {})
      : max_age(std::chrono::duration_cast<std::chrono::seconds>(age)), more(directives) {}
  std::chrono::seconds max_age;  ///< 0: it may not be kept at all
  CacheControl more;
};

/// The permission of a view that everybody may call, whatever the default permission is.
inline constexpr const char* kNoPermissionRequired = "__no_permission_required__";

struct ViewOptions {
  std::string route_name{};  ///< empty: a view of a context, found by traversal
  std::string name{};        ///< the view's name below its context
  /// The context's class; else the one that the view's signature names, else any.
  ContextType context{};
  std::string renderer{};    ///< needed by a view that gives values: "json", "x.html"
  std::string permission{};  ///< else the default permission; asked for after the predicates
  Asked<StringList> request_method{};  ///< GET stands for HEAD too
  Asked<bool> xhr{};
  Asked<std::string> path_info{};  ///< a regular expression
  Asked<StringList> request_param{};
  Asked<StringList> header{};
  Asked<StringList> accept{};  ///< also the order in which views are asked is the client's then
  Asked<ContextType> containment{};
  Asked<StringList> match_param{};
  Asked<std::string> physical_path{};
  Asked<bool> is_authenticated{};
  Asked<StringList> effective_principals{};  ///< all of them
  std::vector<Predicate> custom_predicates{};
  PredicateValues predicates{};
  std::optional<bool> require_csrf{};  ///< else as set_default_csrf_options says
  std::optional<HttpCache> http_cache{};
  std::vector<ViewDecorator> decorators{};  ///< the first one is the outermost
  /// The name of a view without a route, which is called with the response and answers instead.
  std::string wrapper{};
  bool exception_only = false;  ///< for a context that is a class of exceptions
  MapperRef mapper{};           ///< else the view's own, else the app's (set_view_mapper)
  /// How long the view has from its call on, 0 for any time, instead of what the server gives each
  /// request (aiopyr-request-timeout); then it is cancelled and 504 answered.
  std::optional<Seconds> request_timeout{};
};

}  // namespace aiopyr

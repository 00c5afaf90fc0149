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

/// A view within all wrappers that its registration asks for. Called on the request's fiber, with a
/// context that is not null.
using ViewFunction = std::function<Response(Resource* context, Request& request)>;

/// Wraps a view once, when it is registered (pyramid's `decorator`).
using ViewDecorator = std::function<ViewFunction(ViewFunction)>;

/// How long clients and proxies may keep a response (http_cache): `1h`, or with more directives
/// `HttpCache(1h, {.is_public = true})`.
struct HttpCache {
  template <class Rep, class Period>
  HttpCache(std::chrono::duration<Rep, Period> age, CacheControl directives = {})
      : max_age(std::chrono::duration_cast<std::chrono::seconds>(age)), more(directives) {}
  std::chrono::seconds max_age;  ///< 0: forbids caching
  CacheControl more;
};

/// The permission of a view that any user may call, whatever the default permission is.
inline constexpr const char* kNoPermissionRequired = "__no_permission_required__";

struct ViewOptions {
  std::string route_name{};  ///< empty: a view of a context, found by traversal
  std::string name{};        ///< the view's name below its context
  /// The context's class; default: that of the view's signature, or any.
  ContextType context{};
  std::string renderer{};    ///< needed if the view returns values: "json", "x.html"
  std::string permission{};  ///< default: the default permission; checked after the predicates
  Asked<StringList> request_method{};  ///< GET includes HEAD
  Asked<bool> xhr{};
  Asked<std::string> path_info{};  ///< a regular expression
  Asked<StringList> request_param{};
  Asked<StringList> header{};
  Asked<StringList> accept{};  ///< also sorts views by the client's preference
  Asked<ContextType> containment{};
  Asked<StringList> match_param{};
  Asked<std::string> physical_path{};
  Asked<bool> is_authenticated{};
  Asked<StringList> effective_principals{};  ///< the request must have all
  std::vector<Predicate> custom_predicates{};
  PredicateValues predicates{};
  std::optional<bool> require_csrf{};  ///< default: set_default_csrf_options
  std::optional<HttpCache> http_cache{};
  std::vector<ViewDecorator> decorators{};  ///< the first one is the outermost
  /// The name of a view without a route, which gets the response and answers in its place.
  std::string wrapper{};
  bool exception_only = false;  ///< for a context that is a class of exceptions
  MapperRef mapper{};           ///< default: the view's own, then the app's (set_view_mapper)
  /// How long the view may run from its call on, 0 for any time, in place of the server's limit
  /// (aiopyr-request-timeout); then it is cancelled and 504 answered.
  std::optional<Seconds> request_timeout{};
  /// Called on the fiber before the body is read, behind permission, CSRF check and decorators:
  /// throws an HttpException to refuse it, so that it need not be sent. A client that waits to be
  /// asked for it (Expect: 100-continue) is asked behind this.
  std::function<void(Request& request)> before_body{};
};

}  // namespace aiopyr

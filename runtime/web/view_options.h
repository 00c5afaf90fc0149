#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <aiopyr/runtime/web/asked.h>
#include <aiopyr/runtime/web/cache_control.h>
#include <aiopyr/runtime/web/context_type.h>
#include <aiopyr/runtime/web/mapper_ref.h>
#include <aiopyr/runtime/web/predicates.h>
#include <aiopyr/runtime/web/routes.h>
#include <aiopyr/runtime/web/string_list.h>

/// The keyword arguments of Pyramid's add_route, add_view and include, for designated initializers:
/// name them in this order. Predicates are explained in predicates.h; each may be not_(value).
namespace aiopyr {

/// A view when all that its registration asks for has been put around it. Called on the request's
/// fiber, with a context that is not null.
using ViewFunction = std::function<Response(Resource* context, Request& request)>;

/// Wraps a view once, when it is registered (pyramid's `decorator`).
using ViewDecorator = std::function<ViewFunction(ViewFunction)>;

/// Values for predicates of the app's own: name and value.
using PredicateValues = std::vector<std::pair<std::string, Asked<StringList>>>;

struct RouteOptions {
  RootFactory factory{};               ///< gives the root of this route, instead of the app's
  Asked<StringList> request_method{};  ///< GET stands for HEAD too
  Asked<bool> xhr{};
  Asked<std::string> path_info{};  ///< a regular expression
  Asked<StringList> request_param{};
  Asked<StringList> header{};
  Asked<StringList> accept{};
  Asked<bool> is_authenticated{};
  Asked<StringList> effective_principals{};  ///< all of them
  std::vector<Predicate> custom_predicates{};
  PredicateValues predicates{};
  /// The path of the context below the root, with placeholders of the pattern: "/pages/{name}". A
  /// `*traverse` of the pattern wins over it.
  std::string traverse{};
  Pregenerator pregenerator{};
  bool use_global_views = false;  ///< views without a route serve it where its own do not
  bool is_static = false;         ///< Pyramid's static=True: for URL generation only
  bool inherit_slash = false;     ///< an empty pattern means the prefix itself, without a `/`
};

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
  std::string wrapper{};                    ///< the name of a view that is called with the response
  bool exception_only = false;              ///< for a context that is a class of exceptions
  MapperRef mapper{};  ///< else the view's own, else the app's (set_view_mapper)
  /// Seconds that the view has from its call on, 0 for any time, instead of what the server gives
  /// each request (aiopyr-request-timeout); then it is cancelled and 504 answered.
  std::optional<double> request_timeout{};
};

struct StaticViewOptions {
  /// How long clients may keep the files unasked; nothing: without Cache-Control and Expires.
  std::optional<std::chrono::seconds> cache_max_age = std::chrono::hours(1);
  /// Which variants may stand in for a file, where `x.css.br` or `x.css.gz` lies beside it.
  StringList content_encodings = {"br", "gzip"};
  std::string permission = kNoPermissionRequired;  ///< of add_static_view() only
  std::string index = "index.html";                ///< what a folder's URL shows
  /// Of static_view() only: the file is named by the request's subpath, not by its path_info.
  bool use_subpath = false;
  /// FiberMapper, if none: opening a file takes microseconds where it is on a local disk. Else
  /// ExecutorMapper{}.
  MapperRef mapper{};
};

struct IncludeOptions {
  std::string route_prefix{};  ///< before each pattern that the included function adds
};

}  // namespace aiopyr

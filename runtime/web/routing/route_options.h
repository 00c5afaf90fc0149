#pragma once

#include <string>
#include <utility>
#include <vector>

#include <aiopyr/runtime/web/routing/asked.h>
#include <aiopyr/runtime/web/routing/predicates.h>
#include <aiopyr/runtime/web/routing/routes.h>
#include <aiopyr/runtime/web/routing/string_list.h>

/// The keyword arguments of Pyramid's add_route, for designated initializers: name them in this
/// order. Predicates are explained in predicates.h; each may be not_(value).
namespace aiopyr {

/// Values for predicates of the app: name and value.
using PredicateValues = std::vector<std::pair<std::string, Asked<StringList>>>;

struct RouteOptions {
  RootFactory factory{};               ///< makes the root of this route; empty: the app's factory
  Asked<StringList> request_method{};  ///< GET includes HEAD
  Asked<bool> xhr{};
  Asked<std::string> path_info{};  ///< a regular expression
  Asked<StringList> request_param{};
  Asked<StringList> header{};
  Asked<StringList> accept{};
  Asked<bool> is_authenticated{};
  Asked<StringList> effective_principals{};  ///< the request must have all
  std::vector<Predicate> custom_predicates{};
  PredicateValues predicates{};
  /// The path of the context below the root, with placeholders of the pattern: "/pages/{name}". A
  /// `*traverse` of the pattern overrides it.
  std::string traverse{};
  Pregenerator pregenerator{};
  bool use_global_views = false;  ///< views without a route serve it if its own do not
  bool is_static = false;         ///< Pyramid's static=True: for URL generation only
  bool inherit_slash = false;     ///< an empty pattern means the prefix itself, without a `/`
};

}  // namespace aiopyr

#pragma once

#include <functional>
#include <string>
#include <vector>

#include <aiopyr/runtime/web/context_type.h>
#include <aiopyr/runtime/web/httpexceptions.h>
#include <aiopyr/runtime/web/string_list.h>

/// Predicates: what must be true of a request for a route or a view to be the one
/// (pyramid.predicates). Made while the app is configured, asked on the request's fiber, where one
/// may wait (a synchronized function).
namespace aiopyr {

class Request;
class Resource;

struct Predicate {
  /// What it asks, in one spelling: two with the same text are the same (Pyramid's phash).
  std::string text;
  /// `context` is null where a route asks; the route's matchdict is the request's then already.
  std::function<bool(const Resource* context, Request& request)> matches;
};

using Predicates = std::vector<Predicate>;

/// Whether all are true.
[[nodiscard]] bool all_match(const Predicates& predicates, const Resource* context,
                             Request& request);

/// True where `predicate` is not.
[[nodiscard]] Predicate negated(Predicate predicate);

// Each throws ConfigurationError where it is asked for what cannot be.

/// The request was sent by a script that says so (X-Requested-With: XMLHttpRequest), or was not.
[[nodiscard]] Predicate xhr_predicate(bool value);
/// The method is one of these; GET stands for HEAD too.
[[nodiscard]] Predicate request_method_predicate(const StringList& methods);
/// The decoded path below the app's mountpoint matches this regular expression from its start.
[[nodiscard]] Predicate path_info_predicate(const std::string& regex);
/// Each is there in the query or the form: `name`, or `name=value` for one with that value. A name
/// that begins with `=` is written with it: `=name=value`.
[[nodiscard]] Predicate request_param_predicate(const StringList& parameters);
/// Each is there: `Name`, or `Name:regex` for one whose value matches from its start.
[[nodiscard]] Predicate header_predicate(const StringList& headers);
/// The client takes one of these media types; one that does not say takes all.
[[nodiscard]] Predicate accept_predicate(const StringList& media_types);
/// The context, or what it is in, is of this class.
[[nodiscard]] Predicate containment_predicate(const ContextType& type);
/// Each `name=value` is what the route's pattern took from the path.
[[nodiscard]] Predicate match_param_predicate(const StringList& parameters);
/// The context's place in the tree, such as `/people/george`.
[[nodiscard]] Predicate physical_path_predicate(const std::string& path);

/// The security policy knows a userid for the request, or knows none.
[[nodiscard]] Predicate is_authenticated_predicate(bool value);
/// The request has all of these principals.
[[nodiscard]] Predicate effective_principals_predicate(const StringList& principals);

/// There is a view, and its predicates do not match: pyramid.exceptions.PredicateMismatch.
class PredicateMismatch : public HTTPNotFound {
 public:
  using HTTPNotFound::HTTPNotFound;
};

}  // namespace aiopyr

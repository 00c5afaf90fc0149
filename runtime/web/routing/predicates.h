#pragma once

#include <functional>
#include <string>
#include <vector>

#include <aiopyr/runtime/web/context/context_type.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/runtime/web/routing/string_list.h>

/// Predicates: conditions on a request under which a route or a view serves it
/// (pyramid.predicates). Made while the app is configured; called on the request's fiber, where
/// they may wait (a synchronized function).
namespace aiopyr {

class Request;
class Resource;

/// The question of one of Pyramid's own predicates, as data.
struct PredicateQuestion {
  std::string name{};  ///< one of predicate_names.h; empty for a predicate of the app
  std::vector<std::string> values{};  ///< sorted, without duplicates
  bool is_refused = false;            ///< true if the values must not match

  /// Returns its text for people, such as "request_method GET,HEAD" or "not xhr".
  [[nodiscard]] std::string text() const;
};

struct Predicate {
  /// The question, in one spelling: two with the same text are equal (Pyramid's phash).
  std::string text;
  /// Returns whether a request matches. `context` is null for a route; the request then already has
  /// the route's matchdict.
  std::function<bool(const Resource* context, Request& request)> matches;
  /// The parts of `text`; without a name for a predicate of the app.
  PredicateQuestion question{};
};

using Predicates = std::vector<Predicate>;

/// Returns whether all predicates match.
[[nodiscard]] bool all_match(const Predicates& predicates, const Resource* context,
                             Request& request);

/// Returns a predicate that matches if `predicate` does not.
[[nodiscard]] Predicate negated(Predicate predicate);

// Make predicates. Each throws ConfigurationError for an impossible value.

/// Matches if the request was sent by a script (X-Requested-With: XMLHttpRequest), or was not.
[[nodiscard]] Predicate xhr_predicate(bool value);
/// Matches if the method is one of these; GET includes HEAD.
[[nodiscard]] Predicate request_method_predicate(const StringList& methods);
/// Matches if the decoded path below the app's mountpoint matches this regular expression from its
/// start.
[[nodiscard]] Predicate path_info_predicate(const std::string& regex);
/// Matches if the query or the form has each: `name` with any value, or `name=value` with that
/// value. A name that begins with `=` is written with it: `=name=value`.
[[nodiscard]] Predicate request_param_predicate(const StringList& parameters);
/// Matches if the request has each: `Name`, or `Name:regex` for a value that matches from its
/// start.
[[nodiscard]] Predicate header_predicate(const StringList& headers);
/// Matches if the client accepts one of these media types; without an Accept header it accepts all.
[[nodiscard]] Predicate accept_predicate(const StringList& media_types);
/// Matches if the context, or one of its parents, is of this class.
[[nodiscard]] Predicate containment_predicate(const ContextType& type);
/// Matches if the route's pattern took each `name=value` from the path.
[[nodiscard]] Predicate match_param_predicate(const StringList& parameters);
/// Matches if the context has this place in the tree, such as `/people/george`.
[[nodiscard]] Predicate physical_path_predicate(const std::string& path);

/// Matches if the security policy knows a userid for the request, or knows none.
[[nodiscard]] Predicate is_authenticated_predicate(bool value);
/// Matches if the request has all of these principals.
[[nodiscard]] Predicate effective_principals_predicate(const StringList& principals);

/// Raised if there is a view, but its predicates do not match:
/// pyramid.exceptions.PredicateMismatch.
class PredicateMismatch : public HTTPNotFound {
 public:
  using HTTPNotFound::HTTPNotFound;
};

}  // namespace aiopyr

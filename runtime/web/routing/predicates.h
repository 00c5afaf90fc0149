#pragma once

#include <functional>
#include <string>
#include <vector>

#include <aiopyr/runtime/web/context/context_type.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/runtime/web/routing/string_list.h>

/// Predicates: what must be true of a request for a route or a view to be the one
/// (pyramid.predicates). Made while the app is configured, asked on the request's fiber, where one
/// may wait (a synchronized function).
namespace aiopyr {

class Request;
class Resource;

/// What a predicate of Pyramid's own asks, as data.
struct PredicateQuestion {
  std::string name{};  ///< one of predicate_names.h; empty for a predicate of an app's own
  std::vector<std::string> values{};  ///< each once and in order, however they were written
  bool is_refused = false;            ///< whether it is true where the values do not match

  /// Returns how it is shown, such as "request_method GET,HEAD" or "not xhr".
  [[nodiscard]] std::string text() const;
};

struct Predicate {
  /// What it asks, in one spelling: two with the same text are the same (Pyramid's phash).
  std::string text;
  /// `context` is null where a route asks; the route's matchdict is the request's then already.
  std::function<bool(const Resource* context, Request& request)> matches;
  /// What `text` is made of; has no name for a predicate of an app's own.
  PredicateQuestion question{};
};

using Predicates = std::vector<Predicate>;

/// Whether all are true.
[[nodiscard]] bool all_match(const Predicates& predicates, const Resource* context,
                             Request& request);

/// Returns a predicate that is true where `predicate` is not.
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
/// The client accepts one of these media types; one without an Accept header accepts all.
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

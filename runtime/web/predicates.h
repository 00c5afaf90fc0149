#pragma once

#include <functional>
#include <string>
#include <vector>

#include <aiopyr/runtime/web/httpexceptions.h>
#include <aiopyr/runtime/web/string_list.h>

/// Predicates: what must be true of a request for a route or a view to be the one
/// (pyramid.predicates). Made while the app is configured, asked on the request's fiber.
namespace aiopyr {

class Request;
class Resource;

struct Predicate {
  /// What it asks, in one spelling: two with the same text are the same (Pyramid's phash).
  std::string text;
  /// `context` is null where a route asks.
  std::function<bool(const Resource* context, Request& request)> matches;
};

using Predicates = std::vector<Predicate>;

/// Whether all are true.
[[nodiscard]] bool all_match(const Predicates& predicates, const Resource* context,
                             Request& request);

/// All texts, in one: two lists with the same text are the same.
[[nodiscard]] std::string text_of(const Predicates& predicates);

/// The request's method is one of these; GET stands for HEAD too. Throws ConfigurationError for
/// what is no method's name.
[[nodiscard]] Predicate request_method_predicate(const StringList& methods);

/// The predicates that a registration asks for; none for an empty list.
[[nodiscard]] Predicates make_predicates(const StringList& request_method);

/// There is a view, and its predicates do not match: pyramid.exceptions.PredicateMismatch.
class PredicateMismatch : public HTTPNotFound {
 public:
  using HTTPNotFound::HTTPNotFound;
};

}  // namespace aiopyr

#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <aiopyr/runtime/web/routing/asked.h>
#include <aiopyr/runtime/web/routing/predicates.h>

namespace aiopyr {

class Registry;

/// The predicates of one registration.
struct PredicateSet {
  Predicates predicates;
  /// All texts, joined: registrations with the same text match the same requests. Empty without
  /// predicates.
  std::string text;
  /// The order of several views: the lower one is tried first. More predicates, and more specific
  /// ones, give a lower number.
  int order = kMaxOrder;

  static constexpr int kMaxOrder = 1 << 30;
};

/// The position of an app's own predicate among the others; by default at the end.
struct PredicateOptions {
  std::string weighs_more_than{};
  std::string weighs_less_than{};
};

/// Makes a predicate from the value of a registration (`.predicates = {{"name", "value"}}`).
using PredicateFactory = std::function<Predicate(const StringList& value)>;

/// The predicates that routes, or views, may use: pyramid.config.predicates.PredicateList. Written
/// while the app is configured.
class PredicateList {
 public:
  struct Named {
    std::string name;
    Predicate predicate;
  };

  /// Registers Pyramid's own, in Pyramid's order.
  PredicateList();

  /// Adds a predicate. Throws ConfigurationError if the name is taken or a neighbour is unknown.
  void add(const std::string& name, PredicateFactory factory, const PredicateOptions& options);

  /// Makes the predicate `name` of the app. Throws ConfigurationError, which lists the known ones,
  /// if it is unknown.
  [[nodiscard]] Named make(const std::string& name, const Asked<StringList>& value) const;

  /// Sorts the predicates and computes their order. Throws ConfigurationError, which lists the
  /// known names, if one is unknown.
  [[nodiscard]] PredicateSet weigh(std::vector<Named> asked) const;

 private:
  [[nodiscard]] std::size_t index_of(std::string_view name) const;
  std::size_t require_index(const std::string& name) const;

  std::vector<std::string> names_;
  std::map<std::string, PredicateFactory, std::less<>> factories_;
};

}  // namespace aiopyr

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

/// The predicates that one registration asks for.
struct PredicateSet {
  Predicates predicates;
  /// All texts, in one: registrations with the same text are about the same requests. Empty where
  /// nothing is asked.
  std::string text;
  /// Of several views the lower one is asked first: the more predicates, and the more telling ones,
  /// the lower.
  int order = kMaxOrder;

  static constexpr int kMaxOrder = 1 << 30;
};

/// Where a predicate of the app's own stands among the others; at the end if nothing is said.
struct PredicateOptions {
  std::string weighs_more_than{};
  std::string weighs_less_than{};
};

/// Makes a predicate for the value of a registration (`.predicates = {{"name", "value"}}`).
using PredicateFactory = std::function<Predicate(const StringList& value)>;

/// The predicates that routes, or views, may ask for: pyramid.config.predicates.PredicateList.
/// Written while the app is configured.
class PredicateList {
 public:
  struct Named {
    std::string name;
    Predicate predicate;
  };

  /// Knows Pyramid's own, in Pyramid's order.
  PredicateList();

  /// Throws ConfigurationError where the name is taken or one to stand by is unknown.
  void add(const std::string& name, PredicateFactory factory, const PredicateOptions& options);

  /// The predicate `name` of the app's own. Throws ConfigurationError, which lists the known ones,
  /// where it is unknown.
  [[nodiscard]] Named make(const std::string& name, const Asked<StringList>& value) const;

  /// Puts them in order and weighs them. Throws ConfigurationError, which lists the known names,
  /// where one is unknown.
  [[nodiscard]] PredicateSet weigh(std::vector<Named> asked) const;

 private:
  [[nodiscard]] std::size_t index_of(std::string_view name) const;
  std::size_t require_index(const std::string& name) const;

  std::vector<std::string> names_;
  std::map<std::string, PredicateFactory, std::less<>> factories_;
};

}  // namespace aiopyr

#include <string>
#include <utility>
#include <vector>

#include <aiopyr/runtime/web/config/option_predicates.h>
#include <aiopyr/runtime/web/routing/predicate_names.h>

namespace aiopyr::detail {

namespace {

/// Collects the predicates of a registration.
class Asking {
 public:
  explicit Asking(const PredicateList& list) : list_(list) {}

  template <class T, class Factory>
  Asking& add(const Asked<T>& asked, Factory factory) {
    if (!asked.has_value()) return *this;
    Predicate predicate = factory(asked.value());
    if (asked.is_refused()) predicate = negated(std::move(predicate));
    std::string name = predicate.question.name;
    named_.push_back({std::move(name), std::move(predicate)});
    return *this;
  }

  /// Adds a predicate for a list; an empty list adds none.
  template <class Factory>
  Asking& add_list(const Asked<StringList>& asked, Factory factory) {
    if (asked.has_value() && asked.value().empty()) return *this;
    return add(asked, factory);
  }

  /// Adds the predicates that routes and views have in common.
  template <class Options>
  Asking& add_common(const Options& options) {
    add(options.xhr, xhr_predicate);
    add_list(options.request_method, request_method_predicate);
    add(options.path_info, path_info_predicate);
    add_list(options.request_param, request_param_predicate);
    add_list(options.header, header_predicate);
    add_list(options.accept, accept_predicate);
    add(options.is_authenticated, is_authenticated_predicate);
    add_list(options.effective_principals, effective_principals_predicate);
    for (const Predicate& predicate : options.custom_predicates) {
      named_.push_back({std::string(predicate_name::kCustom), predicate});
    }
    for (const auto& [name, value] : options.predicates) {
      named_.push_back(list_.make(name, value));
    }
    return *this;
  }

  [[nodiscard]] PredicateSet weigh() && { return list_.weigh(std::move(named_)); }

 private:
  const PredicateList& list_;
  std::vector<PredicateList::Named> named_;
};

}  // namespace

PredicateSet predicates_of(const RouteOptions& options, const PredicateList& list) {
  return std::move(Asking(list).add_common(options)).weigh();
}

PredicateSet predicates_of(const ViewOptions& options, const PredicateList& list) {
  return std::move(Asking(list)
                       .add_common(options)
                       .add(options.containment, containment_predicate)
                       .add_list(options.match_param, match_param_predicate)
                       .add(options.physical_path, physical_path_predicate))
      .weigh();
}

}  // namespace aiopyr::detail

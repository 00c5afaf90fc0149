#include <algorithm>
#include <utility>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/base/join.h>
#include <aiopyr/runtime/web/routing/predicate_list.h>
#include <aiopyr/runtime/web/routing/predicate_names.h>

namespace aiopyr {

namespace {

// The most names, as each has a bit of the score.
constexpr std::size_t kMaxNames = 28;

}  // namespace

PredicateList::PredicateList() : names_(predicate_name::kAll.begin(), predicate_name::kAll.end()) {}

void PredicateList::add(const std::string& name, PredicateFactory factory,
                        const PredicateOptions& options) {
  if (name.empty() || index_of(name) < names_.size()) {
    throw ConfigurationError("'" + name + "' is the name of another predicate");
  }
  if (names_.size() == kMaxNames) throw ConfigurationError("there are too many predicates");
  std::size_t at = names_.size();
  if (!options.weighs_less_than.empty()) at = require_index(options.weighs_less_than);
  if (!options.weighs_more_than.empty()) {
    const std::size_t after = require_index(options.weighs_more_than) + 1;
    if (!options.weighs_less_than.empty() && after > at) {
      throw ConfigurationError("predicate '" + name + "' cannot weigh more than '" +
                               options.weighs_more_than + "' and less than '" +
                               options.weighs_less_than + "'");
    }
    at = after;
  }
  names_.insert(names_.begin() + static_cast<std::ptrdiff_t>(at), name);
  factories_.emplace(name, std::move(factory));
}

PredicateList::Named PredicateList::make(const std::string& name,
                                         const Asked<StringList>& value) const {
  const auto factory = factories_.find(name);
  if (factory == factories_.end()) {
    const std::string known = join(factories_, ", ", [](const auto& entry) { return entry.first; });
    throw ConfigurationError("there is no predicate '" + name + "'; " +
                             (known.empty() ? "none was added" : "those added are: " + known));
  }
  Predicate predicate = factory->second(value.value());
  return {name, value.is_refused() ? negated(std::move(predicate)) : std::move(predicate)};
}

PredicateSet PredicateList::weigh(std::vector<Named> asked) const {
  for (const Named& one : asked) require_index(one.name);
  std::stable_sort(asked.begin(), asked.end(), [this](const Named& a, const Named& b) {
    return index_of(a.name) < index_of(b.name);
  });
  PredicateSet set;
  int score = 0;
  for (Named& one : asked) {
    score |= 1 << (index_of(one.name) + 1);
    set.text += (set.text.empty() ? "" : "; ") + one.predicate.text;
    set.predicates.push_back(std::move(one.predicate));
  }
  set.order = (PredicateSet::kMaxOrder - score) / (static_cast<int>(asked.size()) + 1);
  return set;
}

std::size_t PredicateList::index_of(std::string_view name) const {
  return static_cast<std::size_t>(std::find(names_.begin(), names_.end(), name) - names_.begin());
}

std::size_t PredicateList::require_index(const std::string& name) const {
  const std::size_t index = index_of(name);
  if (index == names_.size()) {
    throw ConfigurationError("there is no predicate '" + name +
                             "'; those there are: " + join(names_, ", "));
  }
  return index;
}

}  // namespace aiopyr

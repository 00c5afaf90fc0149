#pragma once

#include <aiopyr/runtime/web/routing/predicate_list.h>
#include <aiopyr/runtime/web/views/view_options.h>

/// Converts the options of a registration to its predicates. Only while the app is configured.
namespace aiopyr::detail {

/// Return the predicates. Throw ConfigurationError for an invalid value or an unknown predicate.
[[nodiscard]] PredicateSet predicates_of(const RouteOptions& options, const PredicateList& list);
[[nodiscard]] PredicateSet predicates_of(const ViewOptions& options, const PredicateList& list);

}  // namespace aiopyr::detail

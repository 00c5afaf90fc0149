#pragma once

#include <aiopyr/runtime/web/routing/predicate_list.h>
#include <aiopyr/runtime/web/views/view_options.h>

/// From the options of a registration to its predicates. While the app is configured only.
namespace aiopyr::detail {

/// Throw ConfigurationError for a value that cannot be and a predicate that does not exist.
[[nodiscard]] PredicateSet predicates_of(const RouteOptions& options, const PredicateList& list);
[[nodiscard]] PredicateSet predicates_of(const ViewOptions& options, const PredicateList& list);

}  // namespace aiopyr::detail

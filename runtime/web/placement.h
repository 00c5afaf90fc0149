#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// Puts things that say beside which others they want to stand into an order: tweens, view derivers
/// (pyramid.util.TopologicalSorter). While the app is configured only.
namespace aiopyr::detail {

/// `over` is nearer to the first end, `under` nearer to the last; each is another's name or that of
/// an end. Without both the place is right under the first end.
struct Placement {
  std::string name;
  std::string over;
  std::string under;
};

/// The two ends, and what is placed, for messages.
struct PlacementEnds {
  std::string_view kind;
  std::string_view first;
  std::string_view last;
};

/// The indexes of `wishes` in their order. The first `settled` of them stand as they are. Throws
/// ConfigurationError where a name to be over or under does not exist, or the wishes contradict
/// each other.
[[nodiscard]] std::vector<std::size_t> place_all(const std::vector<Placement>& wishes,
                                                 std::size_t settled, const PlacementEnds& ends);

}  // namespace aiopyr::detail

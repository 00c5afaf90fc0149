#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// Sorts items that name the others they want to be over or under: tweens, view derivers. The order
/// is that of pyramid.util.TopologicalSorter. Used only while the app is configured.
namespace aiopyr::detail {

/// The position that one item wants. `over` a name is nearer to the first end, `under` a name
/// nearer to the last. Each name is that of another item or of an end. Unknown names are ignored if
/// the list has known ones.
struct Placement {
  std::string name;
  std::vector<std::string> over;
  std::vector<std::string> under;
};

/// Names the two ends and the kind of items, for messages.
struct PlacementEnds {
  std::string_view kind;
  std::string_view first;
  std::string_view last;
};

/// Returns the indexes of `wishes` in an order that meets all wishes wherever there is one. Throws
/// ConfigurationError where none of the names in `over` or `under` exists, or the wishes contradict
/// each other.
[[nodiscard]] std::vector<std::size_t> place_all(const std::vector<Placement>& wishes,
                                                 const PlacementEnds& ends);

}  // namespace aiopyr::detail

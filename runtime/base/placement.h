#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// Sorts things that say which others they want to be over or under: tweens, view derivers. The
/// order is that of pyramid.util.TopologicalSorter. Used only while the app is configured.
namespace aiopyr::detail {

/// Where one of them wants to be: `over` some is nearer to the first end, `under` some nearer to
/// the last. Each is a name of another or of an end. Names that nobody has are left out, if others
/// are there.
struct Placement {
  std::string name;
  std::vector<std::string> over;
  std::vector<std::string> under;
};

/// The two ends, and what is placed, for messages.
struct PlacementEnds {
  std::string_view kind;
  std::string_view first;
  std::string_view last;
};

/// Returns the indexes of `wishes` in their order, which is one that meets all wishes wherever
/// there is one. Throws ConfigurationError where none of the names to be over or under exists, or
/// the wishes contradict each other.
[[nodiscard]] std::vector<std::size_t> place_all(const std::vector<Placement>& wishes,
                                                 const PlacementEnds& ends);

}  // namespace aiopyr::detail

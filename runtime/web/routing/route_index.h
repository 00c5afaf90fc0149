#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include <aiopyr/runtime/base/text_map.h>

namespace aiopyr {

class RoutePattern;

namespace detail {

/// Finds the routes that a path may match, by a tree of the whole segments that patterns begin
/// with. A path is compared only with routes that begin with its segments, however many others
/// there are.
///
/// Routes are identified by their index among all routes. Written while the app is configured,
/// read-only afterwards.
/// read-only afterwards.
class RouteIndex {
 public:
  RouteIndex();

  /// Adds a route. Requires: `route` is greater than those added before.
  void add(std::size_t route, const RoutePattern& pattern);

 private:
  /// The depth of the tree; segments further down do not distinguish patterns.
  static constexpr std::size_t kMaxDepth = 6;

  struct Node {
    std::vector<std::size_t> routes;  // routes whose whole segments end here, in ascending order
    TextMap<std::unique_ptr<Node>> children;
  };

 public:
  /// The routes that a path may match, in their order. The index has to outlive it.
  class Candidates {
   public:
    Candidates(const RouteIndex& index, std::string_view path);

    /// Returns the next one; nullopt if none is left.
    std::optional<std::size_t> next();

   private:
    struct Range {
      const std::size_t* begin = nullptr;
      const std::size_t* end = nullptr;
    };

    void add(const Node& node) noexcept;

    // The remaining routes of each node along the path. A route is in one node only.
    std::array<Range, kMaxDepth + 1> ranges_;
    std::size_t count_ = 0;
  };

 private:
  std::unique_ptr<Node> root_;
};

}  // namespace detail

}  // namespace aiopyr

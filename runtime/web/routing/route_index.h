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

/// Which routes a path may match: a tree of the whole segments that their patterns begin with, so
/// that a path meets only those routes that begin as it does, however many others there are.
///
/// A route is identified by its index among all routes. Written while the app is configured,
/// read-only afterwards.
class RouteIndex {
 public:
  RouteIndex();

  /// Requires: `route` is greater than those added before.
  void add(std::size_t route, const RoutePattern& pattern);

 private:
  /// Segments further down do not tell patterns apart.
  static constexpr std::size_t kMaxDepth = 6;

  struct Node {
    std::vector<std::size_t> routes;  // those whose whole segments end here, in ascending order
    TextMap<std::unique_ptr<Node>> children;
  };

 public:
  /// The routes that a path may match, in their order. The index has to outlive it.
  class Candidates {
   public:
    Candidates(const RouteIndex& index, std::string_view path);

    /// The next one; nothing where none is left.
    std::optional<std::size_t> next();

   private:
    struct Range {
      const std::size_t* begin = nullptr;
      const std::size_t* end = nullptr;
    };

    void add(const Node& node) noexcept;

    // Of each node on the path's way, what is left. One route is in one node only.
    std::array<Range, kMaxDepth + 1> ranges_;
    std::size_t count_ = 0;
  };

 private:
  std::unique_ptr<Node> root_;
};

}  // namespace detail

}  // namespace aiopyr

#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <typeinfo>
#include <utility>
#include <vector>

#include <aiopyr/runtime/web/traversal.h>

namespace aiopyr {

class Registry;
class Request;

/// The custom traversers of an app, by the class of the root. Written while the app is configured,
/// read-only afterwards.
class TraverserTable {
 public:
  struct Entry {
    const std::type_info* root_type;
    bool (*serves)(const Resource& root);
    Traverser traverser;
  };

  void add(Entry entry) { entries_.push_back(std::move(entry)); }
  /// The last added that serves such a root, or null.
  [[nodiscard]] const Traverser* find(const Resource& root) const noexcept;

 private:
  std::vector<Entry> entries_;
};

/// Pyramid's ResourceTreeTraverser, with the path of the request (see docs/urls-and-traversal.md):
/// the `traverse` of a matched route's matchdict, else path_info; before it X-Vhm-Root.
[[nodiscard]] Traversal resource_tree_traverser(const std::shared_ptr<Resource>& root,
                                                Request& request);

namespace detail {

/// The algorithm itself: follows `path` from `root`. The first `virtual_depth` segments lead to the
/// virtual root; `subpath` is the result's where the path leads to a resource. The context that
/// comes back keeps all that was passed on the way to it.
[[nodiscard]] Traversal walk(std::shared_ptr<Resource> root, const std::vector<std::string>& path,
                             std::size_t virtual_depth = 0, std::vector<std::string> subpath = {});

/// Finds the request's root and context, by the matched route's factory or the app's and the
/// traverser for that root, and notes what it found in the request. On the request's fiber.
void traverse(const Registry& registry, Request& request);

}  // namespace detail

}  // namespace aiopyr

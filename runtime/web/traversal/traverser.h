#pragma once

#include <concepts>
#include <cstddef>
#include <memory>
#include <string>
#include <typeinfo>
#include <utility>
#include <vector>

#include <aiopyr/runtime/web/traversal/traversal.h>

namespace aiopyr {

class Request;

/// The custom traversers of an app, by the class of the root. Written while the app is configured,
/// read-only afterwards.
class TraverserTable {
 public:
  struct Entry {
    const std::type_info* root_type;
    bool (*serves)(const Resource& root);
    Traverser traverser;

    /// Returns the entry of roots that are an R.
    template <std::derived_from<Resource> R>
    [[nodiscard]] static Entry of(Traverser traverser) {
      return {&typeid(R), is_instance<R>, std::move(traverser)};
    }
  };

  void add(Entry entry) { entries_.push_back(std::move(entry)); }
  /// Returns the last added traverser that serves such a root, or null.
  [[nodiscard]] const Traverser* find(const Resource& root) const noexcept;

 private:
  template <class R>
  static bool is_instance([[maybe_unused]] const Resource& root) {
    if constexpr (std::same_as<R, Resource>) {
      return true;
    } else {
      return dynamic_cast<const R*>(&root) != nullptr;
    }
  }

  std::vector<Entry> entries_;
};

/// Pyramid's ResourceTreeTraverser, with the path of the request (see docs/urls-and-traversal.md):
/// the `traverse` of a matched route's matchdict, else path_info; before it X-Vhm-Root.
[[nodiscard]] Traversal resource_tree_traverser(const std::shared_ptr<Resource>& root,
                                                Request& request);

namespace detail {

/// Implements the algorithm: follows `path` from `root`. The first `virtual_depth` segments lead to
/// the virtual root; `subpath` becomes the result's if the path leads to a resource. The returned
/// context keeps all resources on the way to it.
[[nodiscard]] Traversal walk(std::shared_ptr<Resource> root, const std::vector<std::string>& path,
                             std::size_t virtual_depth = 0, std::vector<std::string> subpath = {});

}  // namespace detail

}  // namespace aiopyr

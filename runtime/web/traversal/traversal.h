#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <aiopyr/runtime/web/context/resource.h>
#include <aiopyr/runtime/web/context/traversal_result.h>

/// Functions that walk a tree of resources by path, and back to the root: pyramid.traversal and
/// pyramid.location. Those that call getitem() run on a fiber if getitem() waits; the rest may be
/// called anywhere.
namespace aiopyr {

class Request;

/// A path as Pyramid's traversal functions take it: percent-encoded text such as "/a%20b/c", or
/// decoded segments such as {"", "a b", "c"}. Absolute where it begins with `/` or an empty
/// segment.
class ResourcePath {
 public:
  ResourcePath(const char* path) : ResourcePath(std::string_view(path)) {}
  ResourcePath(const std::string& path) : ResourcePath(std::string_view(path)) {}
  /// Throws HTTPBadRequest if an escape is invalid, or its result is not UTF-8.
  ResourcePath(std::string_view path);
  ResourcePath(std::vector<std::string> segments);
  ResourcePath(std::initializer_list<std::string> segments)
      : ResourcePath(std::vector<std::string>(segments)) {}

  [[nodiscard]] bool is_absolute() const noexcept { return is_absolute_; }
  /// Returns the segments without empty ones and `.`; `..` has removed the one before it.
  [[nodiscard]] const std::vector<std::string>& segments() const noexcept { return segments_; }

 private:
  std::vector<std::string> segments_;
  bool is_absolute_ = false;
};

/// Follows a path from `resource`, or from its root if the path is absolute, by the rules of
/// traversal without a request: no virtual root, no custom traverser.
[[nodiscard]] Traversal traverse(Resource& resource, const ResourcePath& path);

/// Returns the resource at a path, the reverse of resource_path(). Throws KeyError if there is
/// none.
[[nodiscard]] std::shared_ptr<Resource> find_resource(Resource& resource, const ResourcePath& path);

[[nodiscard]] std::shared_ptr<Resource> find_root(Resource& resource);

/// Returns the resource, its parent, and so on to the root. A resource that no shared_ptr owns is
/// included, in a non-owning pointer. Throws Error if a parent is not available.
[[nodiscard]] std::vector<std::shared_ptr<Resource>> lineage(Resource& resource);
[[nodiscard]] std::vector<std::shared_ptr<const Resource>> lineage(const Resource& resource);

/// Returns whether `inner` is `outer` or lies somewhere below it.
[[nodiscard]] bool inside(const Resource& inner, const Resource& outer);

/// Returns the names from the root to the resource, then `elements`; the first, the root's, is
/// empty.
[[nodiscard]] std::vector<std::string> resource_path_tuple(
    const Resource& resource, const std::vector<std::string>& elements = {});

/// Returns the same path as percent-encoded text: "/a%20b/c". The root's is "/".
[[nodiscard]] std::string resource_path(const Resource& resource,
                                        const std::vector<std::string>& elements = {});

/// Returns the resource itself or its nearest ancestor that is a T, which may be any class; null if
/// none is.
template <class T>
[[nodiscard]] std::shared_ptr<T> find_interface(Resource& resource) {
  for (const auto& location : lineage(resource)) {
    if (auto found = std::dynamic_pointer_cast<T>(location)) return found;
  }
  return nullptr;
}

/// Returns the root that the request's client sees (pyramid.traversal.virtual_root). Throws
/// HTTPBadRequest where the header X-Vhm-Root is not UTF-8.
[[nodiscard]] std::shared_ptr<Resource> virtual_root(Resource& resource, Request& request);

namespace detail {
/// Returns the segments, quoted and joined; "/" for none (pyramid's _join_path_tuple).
std::string join_path_tuple(const std::vector<std::string>& segments);
}  // namespace detail

}  // namespace aiopyr

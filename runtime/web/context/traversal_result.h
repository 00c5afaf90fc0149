#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <aiopyr/runtime/web/context/resource.h>

namespace aiopyr {

class Request;

/// The result of following a path: the dictionary that a Pyramid traverser returns.
struct Traversal {
  std::shared_ptr<Resource> context{};
  std::string view_name{};
  std::vector<std::string> subpath{};    ///< the segments behind the view's name
  std::vector<std::string> traversed{};  ///< the names that led to the context
  std::shared_ptr<Resource> virtual_root{};
  std::vector<std::string> virtual_root_path{};
  std::shared_ptr<Resource> root{};
};

/// Finds a request's context below the root from its factory, on the request's fiber
/// (pyramid.interfaces.ITraverser). Context and root must not be null.
using Traverser = std::function<Traversal(const std::shared_ptr<Resource>& root, Request& request)>;

}  // namespace aiopyr

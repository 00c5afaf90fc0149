#include <memory>
#include <utility>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/dispatch/find_context.h>
#include <aiopyr/runtime/web/registry/registry.h>
#include <aiopyr/runtime/web/request/request.h>
#include <aiopyr/runtime/web/traversal/traverser.h>
#include <aiopyr/runtime/web/traversal/virtual_root_path.h>

namespace aiopyr {

namespace {

std::shared_ptr<Resource> make_root(const Registry& registry, Request& request) {
  const Route* route = request.route();
  const bool has_factory = route != nullptr && route->factory;
  auto root = has_factory ? route->factory(request) : registry.root_factory(request);
  if (root) return root;
  throw Error(has_factory ? "the root factory of the route '" + route->name + "' gave no root"
                          : "the root factory gave no root");
}

/// Returns whether the context is the root: the request's route has no path to traverse.
bool stays_at_root(const Request& request) {
  const MatchDict& matchdict = request.matchdict();
  return !request.matched_route().empty() && !matchdict.contains("traverse") &&
         !matchdict.contains("subpath") && !detail::has_virtual_root(request);
}

}  // namespace

void detail::traverse(const Registry& registry, Request& request) {
  auto root = make_root(registry, request);
  const Traverser* custom = registry.traversers.find(*root);
  if (custom == nullptr && stays_at_root(request)) {
    request.set_context_to_root(std::move(root));
    return;
  }
  Traversal found =
      custom != nullptr ? (*custom)(root, request) : resource_tree_traverser(root, request);
  if (!found.root) found.root = root;
  request.set_traversal(std::move(found));
}

}  // namespace aiopyr

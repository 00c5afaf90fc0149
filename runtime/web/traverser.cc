#include <any>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/path_segments.h>
#include <aiopyr/runtime/web/request.h>
#include <aiopyr/runtime/web/traverser.h>

namespace aiopyr::detail {

namespace {

void set_root(const Registry& registry, Request& request) {
  std::shared_ptr<Resource> root = registry.root_factory(request);
  if (!root) throw Error("the root factory gave no root");
  request.set_root(root.get());
  request.set_context(root.get());
  request.attributes()["aiopyr.root"] = std::move(root);
}

/// A leading `@@` says that a segment is a view's name (pyramid.traversal).
std::string to_view_name(std::string segment) {
  return segment.starts_with("@@") ? segment.substr(2) : segment;
}

}  // namespace

void traverse(const Registry& registry, Request& request) {
  set_root(registry, request);
  if (!request.matched_route().empty()) return;
  std::vector<std::string> segments = split_path_info(request.path_info());
  if (segments.empty()) return;
  request.set_view_name(to_view_name(std::move(segments.front())));
  segments.erase(segments.begin());
  request.set_subpath(std::move(segments));
}

}  // namespace aiopyr::detail

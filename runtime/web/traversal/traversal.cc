#include <algorithm>
#include <utility>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/base/join.h>
#include <aiopyr/runtime/web/request/request.h>
#include <aiopyr/runtime/web/traversal/traversal.h>
#include <aiopyr/runtime/web/traversal/traverser.h>
#include <aiopyr/runtime/web/traversal/virtual_root_path.h>
#include <aiopyr/runtime/web/url/path_segments.h>
#include <aiopyr/runtime/web/url/url.h>

namespace aiopyr {

namespace {

std::shared_ptr<Resource> share(Resource& resource) {
  if (auto owned = resource.weak_from_this().lock()) return owned;
  return {std::shared_ptr<void>(), &resource};
}

}  // namespace

ResourcePath::ResourcePath(std::string_view path)
    : segments_(split_path_info(decode_path(path))), is_absolute_(path.starts_with('/')) {}

ResourcePath::ResourcePath(std::vector<std::string> segments)
    // Joins and splits again, as Pyramid does, so that segments may contain what a text may.
    : segments_(split_path_info(join(segments, "/"))),
      is_absolute_(!segments.empty() && segments.front().empty()) {}

Traversal traverse(Resource& resource, const ResourcePath& path) {
  return detail::walk(path.is_absolute() ? find_root(resource) : share(resource), path.segments());
}

std::shared_ptr<Resource> find_resource(Resource& resource, const ResourcePath& path) {
  Traversal found = traverse(resource, path);
  if (found.view_name.empty()) return std::move(found.context);
  throw KeyError("the resource at '" + resource_path(*found.context) + "' has no child '" +
                 found.view_name + "'");
}

std::shared_ptr<Resource> find_root(Resource& resource) { return lineage(resource).back(); }

std::vector<std::shared_ptr<Resource>> lineage(Resource& resource) {
  std::vector<std::shared_ptr<Resource>> line{share(resource)};
  while (auto parent = line.back()->parent()) line.push_back(std::move(parent));
  return line;
}

std::vector<std::shared_ptr<const Resource>> lineage(const Resource& resource) {
  const auto line = lineage(const_cast<Resource&>(resource));
  return {line.begin(), line.end()};
}

bool inside(const Resource& inner, const Resource& outer) {
  const auto line = lineage(inner);
  return std::any_of(line.begin(), line.end(),
                     [&outer](const auto& location) { return location.get() == &outer; });
}

std::vector<std::string> resource_path_tuple(const Resource& resource,
                                             const std::vector<std::string>& elements) {
  std::vector<std::string> path;
  for (const auto& location : lineage(resource)) path.push_back(location->name());
  std::reverse(path.begin(), path.end());
  path.insert(path.end(), elements.begin(), elements.end());
  return path;
}

std::string resource_path(const Resource& resource, const std::vector<std::string>& elements) {
  return detail::join_path_tuple(resource_path_tuple(resource, elements));
}

std::shared_ptr<Resource> virtual_root(Resource& resource, Request& request) {
  const std::vector<std::string> path = detail::virtual_root_path(request);
  const std::vector<std::string> location = resource_path_tuple(resource);
  const bool is_below = !path.empty() && location.size() > path.size() &&
                        std::equal(path.begin(), path.end(), location.begin() + 1);
  if (is_below) {
    std::vector<std::string> absolute{""};
    absolute.insert(absolute.end(), path.begin(), path.end());
    return find_resource(resource, ResourcePath(std::move(absolute)));
  }
  return request.root() != nullptr ? share(*request.root()) : find_root(resource);
}

std::string detail::join_path_tuple(const std::vector<std::string>& segments) {
  std::string path;
  for (const std::string& segment : segments) {
    if (&segment != &segments.front()) path += '/';
    path += url_quote(segment, kPathSegmentSafe);
  }
  return path.empty() ? "/" : path;
}

}  // namespace aiopyr

#include <algorithm>
#include <utility>

#include <aiopyr/runtime/web/registry/registry.h>
#include <aiopyr/runtime/web/request/request.h>
#include <aiopyr/runtime/web/request/url_assembly.h>
#include <aiopyr/runtime/web/traversal/virtual_root_path.h>

namespace aiopyr {

namespace {

using Segments = std::vector<std::string>;

struct ResourcePaths {
  Segments physical;  // from the root, ending with an empty segment
  Segments virtual_;  // below the virtual root
};

/// Returns the paths of a resource (pyramid.traversal.ResourceURL). A virtual root is compared by
/// segments, so that `/on` is not a part of `/one`.
ResourcePaths paths_of(const Resource& resource, const Request& request) {
  Segments physical = resource_path_tuple(resource);
  // The root's own name is not part of a URL.
  physical.front().clear();
  if (physical.size() > 1) physical.emplace_back();
  const Segments root = detail::virtual_root_path(request);
  const bool is_below = !root.empty() && physical.size() > root.size() &&
                        std::equal(root.begin(), root.end(), physical.begin() + 1);
  if (!is_below) return {physical, physical};
  Segments below{""};
  below.insert(below.end(), physical.begin() + static_cast<std::ptrdiff_t>(root.size()) + 1,
               physical.end());
  return {std::move(physical), std::move(below)};
}

UrlOptions url_options_of(const ResourceUrlOptions& options) {
  return {.elements = options.elements,
          .query = options.query,
          .anchor = options.anchor,
          .scheme = options.scheme,
          .host = options.host,
          .port = options.port,
          .app_url = options.app_url};
}

}  // namespace

std::string Request::resource_url(Resource& resource, const ResourceUrlOptions& options) {
  const ResourcePaths paths = paths_of(resource, *this);
  const UrlOptions url_options = url_options_of(options);
  if (!options.route_name.empty()) {
    RouteValues values{{options.route_remainder_name, paths.virtual_}};
    values.update(options.route_kw);
    return route_url(options.route_name, values, url_options);
  }
  const ResourceUrlInfo info{.physical_path = detail::join_path_tuple(paths.physical),
                             .virtual_path = detail::join_path_tuple(paths.virtual_),
                             .app_url = detail::app_url_of(*this, url_options)};
  const auto own = resource.resource_url(*this, info);
  return (own ? *own : info.app_url + info.virtual_path) + detail::join_elements(options.elements) +
         detail::query_and_anchor(options.query, options.anchor);
}

std::string Request::resource_path(Resource& resource, ResourceUrlOptions options) {
  options.app_url = detail::script_path(*this);
  return resource_url(resource, options);
}

std::string Request::static_url(std::string_view path, const UrlOptions& options) {
  return registry_.static_urls.generate(*this, path_in_app(registry_.app_folder(), path), options);
}

std::string Request::static_path(std::string_view path, UrlOptions options) {
  options.app_url = detail::script_path(*this);
  return static_url(path, options);
}

}  // namespace aiopyr

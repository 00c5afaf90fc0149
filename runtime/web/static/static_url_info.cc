#include <algorithm>
#include <utility>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/base/join.h>
#include <aiopyr/runtime/web/request/request.h>
#include <aiopyr/runtime/web/request/url_assembly.h>
#include <aiopyr/runtime/web/static/static_url_info.h>
#include <aiopyr/runtime/web/url/url.h>

namespace aiopyr {

namespace {

std::string external_url(const Request& request, const std::string& base,
                         const StaticAsset& asset) {
  const std::string scheme = base.starts_with("//") ? std::string(request.scheme()) + ":" : "";
  return scheme + base + url_quote(asset.subpath) +
         detail::query_and_anchor(asset.options.query, asset.options.anchor);
}

}  // namespace

std::string path_in_app(const std::string& app_folder, std::string_view path) {
  if (path.starts_with('/')) return std::string(path);
  return app_folder + "/" + std::string(path);
}

void StaticUrlInfo::add(Registration registration) {
  std::erase_if(registrations_,
                [&](const Registration& old) { return old.name == registration.name; });
  registrations_.push_back(std::move(registration));
}

void StaticUrlInfo::add_cache_buster(std::string folder,
                                     std::shared_ptr<const CacheBuster> buster) {
  std::erase_if(busters_, [&](const Buster& old) { return old.folder == folder; });
  const auto place = std::find_if(busters_.begin(), busters_.end(), [&](const Buster& other) {
    return other.folder.size() < folder.size();
  });
  busters_.insert(place, {std::move(folder), std::move(buster)});
}

std::string StaticUrlInfo::generate(Request& request, const std::string& path,
                                    UrlOptions options) const {
  for (const Registration& registration : registrations_) {
    if (!path.starts_with(registration.folder)) continue;
    StaticAsset asset{path, path.substr(registration.folder.size()), std::move(options)};
    bust(request, asset);
    if (registration.route_name.empty()) return external_url(request, registration.name, asset);
    return request.route_url(registration.route_name, {{"subpath", asset.subpath}}, asset.options);
  }
  const std::string known = join(registrations_, ", ", &Registration::folder);
  throw Error(
      "no static view serves '" + path + "'; " +
      (known.empty() ? "there are none at all: use add_static_view()" : "they serve: " + known));
}

void StaticUrlInfo::bust(Request& request, StaticAsset& asset) const {
  for (const Buster& buster : busters_) {
    if (!asset.path.starts_with(buster.folder)) continue;
    (*buster.buster)(request, asset);
    return;
  }
}

}  // namespace aiopyr

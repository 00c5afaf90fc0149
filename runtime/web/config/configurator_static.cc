#include <filesystem>
#include <utility>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/config/configurator.h>
#include <aiopyr/runtime/web/config/make_route.h>
#include <aiopyr/runtime/web/static/static_view.h>

namespace aiopyr {

namespace {

std::string with_slash(std::string text) {
  if (!text.ends_with('/')) text += '/';
  return text;
}

void require_folder(const std::string& folder) {
  std::error_code ignored;
  if (std::filesystem::is_directory(folder, ignored)) return;
  throw ConfigurationError("there is no folder '" + folder + "'");
}

/// Makes the view before anything is deferred, so errors get the place here.
ViewCallable make_view(const std::string& path, const StaticViewOptions& options,
                       const std::source_location& where) {
  try {
    return ViewAdapter<StaticView>::adapt(StaticView(path, options));
  } catch (const ConfigurationError& error) {
    throw ConfigurationError(detail::to_string(where) + ": static view: " + error.what());
  }
}

}  // namespace

/// pyramid.config.views.StaticURLInfo.add.
void Configurator::add_static_view(std::string name, std::string path, StaticViewOptions options,
                                   Place where) {
  name = with_slash(std::move(name));
  std::string route_name;
  if (!detail::is_external_url(name)) {
    route_name = "__" + (route_prefix_.empty() ? "" : route_prefix_ + "/") + name;
    options.use_subpath = true;
    add_route(route_name, name + "*subpath", {}, where);
    add_view_callable(make_view(path, options, where),
                      {.route_name = route_name, .permission = options.permission}, where);
  }
  const std::string title =
      "static view '" + (route_name.empty() ? name : route_name.substr(2)) + "'";
  add_action(detail::Phase::kSettings, title, where,
             [registry = registry_.get(), name = std::move(name), path = std::move(path),
              route_name = std::move(route_name)] {
               const std::string folder = with_slash(path_in_app(registry->app_folder(), path));
               if (!route_name.empty()) require_folder(folder);
               registry->static_urls.add({name, folder, route_name});
             });
}

void Configurator::add_cache_buster_object(std::string path, std::shared_ptr<CacheBuster> buster,
                                           Place where) {
  const std::string title = "cache buster of '" + path + "'";
  add_action(detail::Phase::kSettings, title, where,
             [registry = registry_.get(), path = std::move(path), buster = std::move(buster)] {
               if (asbool(registry->settings, "prevent_cachebust")) return;
               buster->configure(registry->app_folder());
               registry->static_urls.add_cache_buster(
                   with_slash(path_in_app(registry->app_folder(), path)), buster);
             });
}

}  // namespace aiopyr

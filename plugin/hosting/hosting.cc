#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <aiopyr/plugin/hosting/app_loader.h>
#include <aiopyr/plugin/hosting/hosting.h>
#include <aiopyr/plugin/hosting/other_apps.h>
#include <aiopyr/plugin/metrics/shared_counters.h>
#include <aiopyr/plugin/server/log.h>
#include <aiopyr/plugin/server/modifier.h>
#include <aiopyr/plugin/server/options.h>
#include <aiopyr/plugin/server/server_state.h>
#include <aiopyr/plugin/server/socket_traits.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/runtime/base/describe.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/introspection/introspection.h>
#include <aiopyr/runtime/web/registry/registry.h>

namespace aiopyr::plugin {

namespace {

/// The apps of this instance. Never destroyed: uWSGI may exit() at any moment, with requests
/// inside.
std::vector<std::unique_ptr<HostedApp>>& kept_apps() {
  static auto* const kept = new std::vector<std::unique_ptr<HostedApp>>;
  return *kept;
}

/// Returns the rows of an app's routes in the metrics, in their order.
std::vector<std::size_t> rows_of_routes(const HostedApp& app) {
  std::vector<std::size_t> rows;
  for (const Route& route : app.application.registry->routes.routes()) {
    rows.push_back(row_of_route(app.mountpoint, route.name));
  }
  return rows;
}

/// Registers a configured app with uWSGI, which finds it by its mountpoint.
void register_app(std::unique_ptr<HostedApp> app) {
  const std::string& mountpoint = app->mountpoint;
  // uWSGI looks up "/" as "", by SCRIPT_NAME.
  const int length = mountpoint == "/" ? 0 : static_cast<int>(mountpoint.size());
  uwsgi_app* registered =
      uwsgi_add_app(uwsgi_apps_cnt, kModifier1, const_cast<char*>(mountpoint.c_str()), length,
                    nullptr, app.get());
  registered->started_at = uwsgi_now();
  registered->startup_time = 0;
  // Otherwise a request for /prefix/x has no SCRIPT_NAME, and only the default app is ever found.
  if (length > 0) uwsgi.manage_script_name = 1;
  app->row = row_of_route(mountpoint, {});
  app->route_rows = rows_of_routes(*app);
  kept_apps().push_back(std::move(app));
}

/// Describes an error. A ConfigurationError was written for the operator, and needs no type in
/// front.
std::string reason_of(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const ConfigurationError& e) {
    return e.what();
  } catch (...) {
    return describe(error);
  }
}

/// Throws without our loop engine: a request needs a fiber to run on, and a loop to wait in.
void require_loop_engine() {
  if (runs_our_loop()) return;
  throw ConfigurationError(
      "a hosted app needs the aiopyr loop engine: set aiopyr = N, the number of cores");
}

void load_and_register(const std::string& file, const std::string& mountpoint) noexcept {
  try {
    // Stays the last line of a check that crashes or hangs.
    if (options().check) log_line("loads app " + file);
    require_loop_engine();
    register_app(load_app(file, mountpoint));
  } catch (...) {
    fail_start(reason_of(std::current_exception()));
  }
}

std::string listening_on() {
  std::string sockets;
  for (uwsgi_socket* socket = uwsgi.sockets; socket != nullptr; socket = socket->next) {
    const std::string_view protocol = traits_of(*socket).protocol;
    const std::string_view name = socket->name;
    if (!sockets.empty()) sockets += ", ";
    sockets += std::string(protocol) + "://" + (name.starts_with(':') ? "0.0.0.0" : "") +
               std::string(name);
  }
  return sockets.empty() ? "no socket" : sockets;
}

/// Returns whether something else is served: other plugins' apps, or files by uWSGI itself.
bool is_something_else_served() noexcept {
  return uwsgi_apps_cnt > 0 || uwsgi.static_maps != nullptr || uwsgi.static_maps2 != nullptr ||
         uwsgi.check_static != nullptr || uwsgi.routes != nullptr;
}

/// Logs that no app has been loaded, which is probably a mistake.
void announce_nothing() {
  const bool is_too_early = (uwsgi.lazy || uwsgi.lazy_apps) && uwsgi.mywid == 0;
  if (uwsgi.no_server || !runs_our_loop() || is_too_early || uwsgi.mywid > 1) return;
  if (is_something_else_served()) return;
  log_line("nothing is served: set aiopyr-app = app.so, or mount = /prefix=app.so");
}

/// Logs a line for each view, and for each route without one: pattern, predicates, view and mapper.
void log_views(const Registry& registry) {
  std::vector<std::vector<std::string>> rows;
  for (const ViewInfo& view : list_views(registry)) {
    if (view.is_exception_view) continue;
    const std::string name = view.name.empty() ? "" : (view.route.empty() ? "" : " ") + view.name;
    rows.push_back({"  " + view.pattern + name, view.predicates, view.view, view.mapper});
  }
  for (const RouteInfo& route : list_routes(registry)) {
    if (route.view == kUnknownView) rows.push_back({"  " + route.pattern, "", "no view"});
  }
  for (const std::string& line : align_columns(rows)) log_line(line);
}

}  // namespace

void load_configured_app() noexcept {
  if (!options().app.empty()) load_and_register(options().app, "/");
}

int mount_app(char* mountpoint, char* file) noexcept {
  if (!is_hosted_app(file)) return -1;
  load_and_register(file, mountpoint);
  return 0;
}

std::vector<const HostedApp*> hosted_apps() {
  std::vector<const HostedApp*> apps;
  for (int i = 0; i < uwsgi_apps_cnt; ++i) {
    if (uwsgi_apps[i].modifier1 != kModifier1) continue;
    apps.push_back(static_cast<const HostedApp*>(uwsgi_apps[i].callable));
  }
  return apps;
}

void announce() noexcept {
  announce_nothing();
  for (int i = 0; i < uwsgi_apps_cnt; ++i) {
    if (uwsgi_apps[i].modifier1 != kModifier1) continue;
    // uWSGI gives requests with modifier1 0 only to the plugin of a default app. If all apps are
    // mounted below prefixes there is none, so one of ours becomes it (find_app still finds the
    // right one).
    if (uwsgi.default_app == -1) uwsgi.default_app = i;
    if (uwsgi.mywid > 1) continue;
    const auto& app = *static_cast<const HostedApp*>(uwsgi_apps[i].callable);
    log_line(app.file + " serves " + app.mountpoint + " on " + listening_on());
    log_views(*app.application.registry);
  }
  if (runs_our_loop() && uwsgi.mywid <= 1) warn_of_unreachable_apps();
}

}  // namespace aiopyr::plugin

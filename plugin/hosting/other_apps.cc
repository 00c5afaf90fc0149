#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <aiopyr/plugin/hosting/app_loader.h>
#include <aiopyr/plugin/hosting/hosting.h>
#include <aiopyr/plugin/hosting/other_apps.h>
#include <aiopyr/plugin/server/log.h>
#include <aiopyr/plugin/server/modifier.h>
#include <aiopyr/plugin/server/options.h>
#include <aiopyr/plugin/server/server_state.h>
#include <aiopyr/plugin/server/socket_traits.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/plugin/server/uwsgi_config.h>

namespace aiopyr::plugin {

namespace {

/// The stack of Python's own threads, in bytes, for which its limit of nested calls is made.
constexpr std::size_t kPythonStack = std::size_t{8} << 20U;

constexpr std::size_t kPostBuffering = 8192;

std::string_view plugin_of(int modifier) noexcept { return uwsgi.p[modifier]->name; }

bool is_python(int modifier) noexcept { return plugin_of(modifier).starts_with("python"); }

/// Returns whether a plugin answers requests without a modifier; otherwise they are ours.
bool is_zero_taken() noexcept { return plugin_of(0) != "unconfigured"; }

std::string_view mountpoint_of(const uwsgi_app& app) noexcept {
  const std::string_view mountpoint(app.mountpoint, app.mountpoint_len);
  return mountpoint.empty() ? "/" : mountpoint;
}

std::vector<const uwsgi_app*> other_apps() {
  std::vector<const uwsgi_app*> apps;
  for (int i = 0; i < uwsgi_apps_cnt; ++i) {
    if (uwsgi_apps[i].modifier1 != kModifier1) apps.push_back(&uwsgi_apps[i]);
  }
  return apps;
}

/// Returns whether Python has apps, or will have some in each worker.
bool runs_python() {
  const bool is_early = uwsgi.workers == nullptr;
  if (is_early) return (uwsgi.lazy || uwsgi.lazy_apps) && is_python(0);
  const auto apps = other_apps();
  return std::any_of(apps.begin(), apps.end(),
                     [](const uwsgi_app* app) { return is_python(app->modifier1); });
}

/// Returns the modifier that a socket gives its requests; 0 for uWSGI's own protocol, in which the
/// peer sends one.
std::size_t modifier_of(uwsgi_socket& socket) noexcept {
  const std::string_view protocol = traits_of(socket).protocol;
  if (protocol == "https") return uwsgi.https_modifier1;
  if (protocol.starts_with("http")) return uwsgi.http_modifier1;
  if (protocol.starts_with("fastcgi")) return uwsgi.fastcgi_modifier1;
  if (protocol.starts_with("scgi")) return uwsgi.scgi_modifier1;
  return 0;
}

template <class Predicate>
bool any_socket(Predicate is_meant) {
  for (auto* socket = uwsgi.sockets; socket != nullptr; socket = socket->next) {
    if (is_meant(*socket)) return true;
  }
  return false;
}

/// Returns whether a server in front may choose a modifier, and name the mountpoint.
bool has_front() {
  return any_socket([](uwsgi_socket& socket) { return !traits_of(socket).is_http; });
}

/// Returns whether a route looks for `mountpoint` in a path from which it was cut off.
bool is_in_vain(const uwsgi_opt& route, std::string_view mountpoint) noexcept {
  constexpr std::string_view kOfPath = "route";
  return mountpoint != "/" && route.key == kOfPath &&
         std::string_view(route.value).starts_with("^" + std::string(mountpoint));
}

/// Returns whether a route may give a request for `mountpoint` to the plugin with this modifier.
bool is_routed(int modifier, std::string_view mountpoint) {
  const std::string action = "setmodifier1:" + std::to_string(modifier);
  for (int i = 0; i < uwsgi.exported_opts_cnt; ++i) {
    const uwsgi_opt& option = *uwsgi.exported_opts[i];
    if (option.value == nullptr || !std::string_view(option.key).starts_with("route")) continue;
    const std::string_view value = option.value;
    const auto begin = value.find(action);
    if (begin == std::string_view::npos || is_in_vain(option, mountpoint)) continue;
    if (begin + action.size() == value.size() || value[begin + action.size()] == ' ') return true;
  }
  return false;
}

bool is_asked_for(int modifier, std::string_view mountpoint) {
  return is_routed(modifier, mountpoint) || any_socket([modifier](uwsgi_socket& socket) {
           return modifier_of(socket) == static_cast<std::size_t>(modifier);
         });
}

/// Returns the line that brings requests to an app of ours.
std::string route_to(const std::string& mountpoint) {
  if (mountpoint != "/")
    return "route-if = equal:${SCRIPT_NAME};" + mountpoint + " setmodifier1:77";
  const auto others = other_apps();
  const bool is_shared = std::any_of(others.begin(), others.end(), [](const uwsgi_app* app) {
    return mountpoint_of(*app) == "/";
  });
  return is_shared ? "route = ^/(first|second)(/|$) setmodifier1:77, with the paths of the app"
                   : "route-if = empty:${SCRIPT_NAME} setmodifier1:77";
}

void warn(const std::string& app, std::string_view reason_and_advice) {
  log_line("WARNING: " + app + " cannot be reached: " + std::string(reason_and_advice));
}

void warn_of_ours(const HostedApp& app) {
  if (is_asked_for(kModifier1, app.mountpoint)) return;
  std::string advice = "the plugin " + std::string(plugin_of(0)) +
                       " gets all requests that no other one is asked for. Write " +
                       route_to(app.mountpoint);
  if (has_front()) advice += "; or set modifier1 to 77 in what is in front (uwsgi_modifier1 77)";
  warn("app " + app.file + " at " + app.mountpoint, advice);
}

void warn_of_other(const uwsgi_app& app) {
  const std::string_view mountpoint = mountpoint_of(app);
  const std::string name = "the app of the plugin " + std::string(plugin_of(app.modifier1)) +
                           " at " + std::string(mountpoint);
  if (!is_asked_for(app.modifier1, mountpoint)) {
    const std::string prefix(mountpoint == "/" ? "/prefix" : mountpoint);
    return warn(name,
                "no socket and no route asks for that plugin. Write route-if = "
                "equal:${SCRIPT_NAME};" +
                    prefix + " setmodifier1:" + std::to_string(app.modifier1) +
                    ", or leave http-socket-modifier1 away");
  }
  if (mountpoint != "/" && !uwsgi.manage_script_name && !has_front()) {
    warn(name, "nobody cuts its mountpoint off the path. Set manage-script-name = true");
  }
}

std::string what_python_lacks() {
  std::string lacks;
  if (uwsgi.post_buffering == 0) {
    lacks = "post-buffering = " + std::to_string(kPostBuffering) +
            ", as a request whose body is awaited within Python is mixed up with others";
  }
  if (options().stack_size < kPythonStack) {
    lacks += (lacks.empty() ? "" : "; and ") + std::string("aiopyr-stack-size = ") +
             std::to_string(kPythonStack) + ", as nested calls overrun the " +
             std::to_string(options().stack_size) + " bytes that a fiber has";
  }
  return lacks;
}

}  // namespace

void require_room_for_python() noexcept {
  try {
    if (!runs_our_loop() || !runs_python()) return;
    const std::string lacks = what_python_lacks();
    if (lacks.empty()) return;
    fail_start("Python's apps run on the loop's fibers here. Set " + lacks +
               ". Or give Python an instance of its own");
  } catch (...) {
    fail_start("out of memory");
  }
}

void warn_of_unreachable_apps() {
  const auto others = other_apps();
  if (others.empty() && !is_zero_taken()) return;
  if (is_zero_taken()) {
    for (const HostedApp* app : hosted_apps()) warn_of_ours(*app);
  }
  for (const uwsgi_app* app : others) warn_of_other(*app);
}

}  // namespace aiopyr::plugin

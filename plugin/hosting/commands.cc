#include <cstdlib>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <aiopyr/plugin/hosting/app_loader.h>
#include <aiopyr/plugin/hosting/commands.h>
#include <aiopyr/plugin/hosting/hosting.h>
#include <aiopyr/plugin/hosting/printed_response.h>
#include <aiopyr/plugin/server/log.h>
#include <aiopyr/plugin/server/options.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/runtime/async/executor/executor.h>
#include <aiopyr/runtime/async/fibers/fiber_pool.h>
#include <aiopyr/runtime/async/fibers/spawn_fiber.h>
#include <aiopyr/runtime/async/loop/ev_loop.h>
#include <aiopyr/runtime/async/tasks/spawn.h>
#include <aiopyr/runtime/base/describe.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/dispatch/ready_response.h>
#include <aiopyr/runtime/web/introspection/introspection.h>
#include <aiopyr/runtime/web/request/blank_request.h>

namespace aiopyr::plugin {

namespace {

using Apps = std::vector<const HostedApp*>;

/// Runs `f` on a fiber of a loop as a worker has it.
template <class F>
auto run_as_worker(F f) {
  EvLoop loop;
  loop.fibers().set_stack_size(options().stack_size);
  loop.set_default_executor(std::make_shared<Executor>(
      Executor::Options{options().executor_threads, options().executor_queue}));
  return run_until_complete(spawn_fiber(std::move(f)));
}

void print_app(const HostedApp& app, const Apps& apps, const std::string& text) {
  if (apps.size() > 1) std::cout << app.file << " at " << app.mountpoint << "\n\n";
  std::cout << text;
  if (apps.size() > 1 && &app != apps.back()) std::cout << '\n';
}

std::string prefix_of(const HostedApp& app) {
  return app.mountpoint == "/" ? std::string() : app.mountpoint;
}

/// Returns the app that a URL's path belongs to.
const HostedApp& app_at(const Apps& apps, std::string_view path) {
  const HostedApp* best = nullptr;
  for (const HostedApp* app : apps) {
    const std::string prefix = prefix_of(*app);
    const bool is_below =
        path.starts_with(prefix) && (path.size() == prefix.size() || prefix.empty() ||
                                     path[prefix.size()] == '/' || path[prefix.size()] == '?');
    if (is_below && (best == nullptr || prefix.size() > prefix_of(*best).size())) best = app;
  }
  if (best == nullptr) throw ConfigurationError("no app is mounted at " + std::string(path));
  return *best;
}

void print_views_at(const Apps& apps, const std::string& path) {
  const HostedApp& app = app_at(apps, path);
  const std::string below = path.substr(prefix_of(app).size());
  const auto views = run_as_worker([&] { return list_views_at(*app.application.registry, below); });
  std::cout << "URL = " << path << "\n\n" << (views.empty() ? "Not found.\n" : format_views(views));
}

/// Splits `METHOD /path`, or a path alone, which stands for GET.
std::pair<std::string, std::string> split_request(const std::string& text) {
  const auto blank = text.find(' ');
  if (blank == std::string::npos) return {"GET", text};
  return {text.substr(0, blank), text.substr(text.find_first_not_of(' ', blank))};
}

BlankOptions request_options(const std::string& method, const HostedApp& app) {
  BlankOptions request;
  request.method = method;
  request.base_url = "http://localhost" + prefix_of(app);
  for (const std::string& line : options().request_headers) {
    const auto colon = line.find(':');
    const auto value = line.find_first_not_of(' ', colon + 1);
    request.headers.add(line.substr(0, colon),
                        value == std::string::npos ? std::string() : line.substr(value));
  }
  // Prefers text, as prequest does: the answer is read in a terminal.
  if (!request.headers.contains("Accept")) {
    request.headers.add("Accept", "text/plain;q=1.0, */*;q=0.1");
  }
  if (method == "POST" || method == "PUT" || method == "PATCH") {
    request.body.assign(std::istreambuf_iterator<char>(std::cin), {});
  }
  return request;
}

/// Returns the exit code.
int print_request(const Apps& apps, const std::string& text) {
  auto [method, path] = split_request(text);
  if (!path.starts_with('/')) path = "/" + path;
  const HostedApp& app = app_at(apps, path);
  BlankEnviron asked =
      make_blank_environ(path.substr(prefix_of(app).size()), request_options(method, app));
  const Response response = run_as_worker([&] {
    Request request(asked, *app.application.registry);
    return detail::ask_app(app.application.handler, request);
  });
  std::cout << print_response(response);
  return response.status_code() < 400 ? 0 : response.status_code() / 100;
}

/// Throws ConfigurationError if uWSGI itself would end after the apps are loaded, as `need-app`
/// makes it do without an app.
void check_apps() {
  if (uwsgi.need_app && uwsgi_apps_cnt == 0) {
    throw ConfigurationError("no app has been loaded, and need-app is set");
  }
}

int run(const Apps& apps) {
  if (options().check) check_apps();
  if (apps.empty() && !options().check) {
    throw ConfigurationError("there is no app to look at: set aiopyr-app or mount");
  }
  for (const HostedApp* app : apps) {
    const Registry& registry = *app->application.registry;
    if (options().print_routes) print_app(*app, apps, format_routes(list_routes(registry)));
    if (options().print_views && options().print_views->empty()) {
      print_app(*app, apps, format_views(list_views(registry)));
    }
    if (options().print_tweens) print_app(*app, apps, format_tweens(list_tweens(registry)));
  }
  if (options().print_views && !options().print_views->empty()) {
    print_views_at(apps, *options().print_views);
  }
  return options().request ? print_request(apps, *options().request) : 0;
}

}  // namespace

void prepare_commands() noexcept {
  if (!options().has_command()) return;
  uwsgi.lazy = 0;
  uwsgi.lazy_apps = 0;
}

void run_commands() noexcept {
  int code = 0;
  try {
    code = run(hosted_apps());
    std::cout.flush();
  } catch (const ConfigurationError& error) {
    fail_start(error.what());
  } catch (...) {
    fail_start(describe(std::current_exception()));
  }
  std::exit(code);
}

}  // namespace aiopyr::plugin

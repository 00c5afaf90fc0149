#include <chrono>
#include <exception>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <aiopyr/plugin/failures/failure.h>
#include <aiopyr/plugin/hosting/app_loader.h>
#include <aiopyr/plugin/hosting/hosting.h>
#include <aiopyr/plugin/server/log.h>
#include <aiopyr/plugin/worker/app_hooks.h>
#include <aiopyr/runtime/async/loop/timer.h>
#include <aiopyr/runtime/async/tasks/gather.h>
#include <aiopyr/runtime/async/tasks/spawn.h>
#include <aiopyr/runtime/async/tasks/task.h>
#include <aiopyr/runtime/async/tasks/wait_for.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/registry/registry.h>

namespace aiopyr::plugin {

namespace {

constexpr std::chrono::seconds kSlowStart{5};
constexpr std::chrono::seconds kRespawnPause{1};

std::string hooks_of(const HostedApp& app, std::string_view hook) {
  return std::string(hook) + " of " + app.file;
}

/// Logs that an app's start takes long, and wakes the loop for it.
class SlowStart final : public Timer {
 public:
  SlowStart(Loop& loop, const HostedApp& app) : app_(app) { start_after(loop, kSlowStart); }

 private:
  void on_timer() override {
    log_line(hooks_of(app_, "on_worker_start") +
             " has not ended yet: this worker serves nothing before");
  }

  const HostedApp& app_;
};

/// Starts one app, unless the worker is over before. Returns whether it has started. Throws what
/// its hooks throw.
bool start_app(Loop& loop, const HostedApp& app, const std::function<bool()>& is_over) {
  Registry& registry = *app.application.registry;
  auto starting = spawn(registry.worker_hooks.start(registry));
  const SlowStart slow(loop, app);
  while (!starting.is_done()) {
    if (is_over()) return false;
    loop.run_once(true);
  }
  starting.result();
  return true;
}

/// Stops one app within the limit; logs what its hooks throw.
Task<> stop_app(const HostedApp& app, Duration limit) {
  Registry& registry = *app.application.registry;
  try {
    Task<> stopping = wait_for(registry.worker_hooks.stop(registry), limit);
    co_await std::move(stopping);
  } catch (...) {
    log_exception(hooks_of(app, "on_worker_stop"), std::current_exception());
  }
}

}  // namespace

bool start_apps(Loop& loop, const std::function<bool()>& is_over) {
  for (const HostedApp* app : hosted_apps()) {
    try {
      if (!start_app(loop, *app, is_over)) return true;
    } catch (...) {
      log_exception(hooks_of(*app, "on_worker_start"), std::current_exception());
      std::this_thread::sleep_for(kRespawnPause);
      return false;
    }
  }
  return true;
}

void stop_apps(Duration limit) {
  std::vector<Task<>> endings;
  for (const HostedApp* app : hosted_apps()) endings.push_back(stop_app(*app, limit));
  run_until_complete(gather(std::move(endings)));
}

}  // namespace aiopyr::plugin

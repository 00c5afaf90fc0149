#include <exception>
#include <utility>

#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/web/registry/registry.h>
#include <aiopyr/runtime/web/registry/worker_hooks.h>

namespace aiopyr::detail {

namespace {

Task<> call(const std::function<void(Registry&)>& hook, Registry& registry) {
  hook(registry);
  co_return;
}

}  // namespace

WorkerHooks::Hook WorkerHooks::plain(std::function<void(Registry&)> hook) {
  return [hook = std::move(hook)](Registry& registry) { return call(hook, registry); };
}

Task<> WorkerHooks::start(Registry& registry) const {
  for (const Hook& hook : start_) {
    Task<> starting = hook(registry);
    co_await std::move(starting);
  }
}

Task<> WorkerHooks::stop(Registry& registry) const {
  for (std::size_t left = stop_.size(); left > 0; --left) {
    try {
      Task<> stopping = stop_[left - 1](registry);
      co_await std::move(stopping);
    } catch (const std::exception&) {
      Loop::report_exception(std::current_exception(), "on_worker_stop");
    }
  }
  Task<> closing = registry.close_objects();
  co_await std::move(closing);
}

}  // namespace aiopyr::detail

#include <chrono>
#include <string>

#include <aiopyr/plugin/block_warning.h>
#include <aiopyr/plugin/log.h>
#include <aiopyr/plugin/options.h>
#include <aiopyr/plugin/uwsgi_api.h>
#include <aiopyr/runtime/base/backtrace.h>

namespace aiopyr::plugin {

namespace {

/// What harakiri is measured by where nobody asked for warnings.
constexpr Duration kLooked = std::chrono::seconds(1);

/// In memory that the master reads: the second after which it kills this worker, 0 for never.
void set_harakiri_at(std::time_t when) noexcept { uwsgi.workers[uwsgi.mywid].harakiri = when; }

void on_blocked(Duration blocked, const Backtrace& where) {
  const auto time = std::chrono::duration_cast<std::chrono::milliseconds>(blocked).count();
  if (uwsgi.harakiri_options.workers > 0) {
    set_harakiri_at(uwsgi_now() + uwsgi.harakiri_options.workers - time / 1000);
  }
  log_line("the loop has been blocked for " + std::to_string(time) +
           " ms, and everybody waits: move what blocks into a plain view or run_in_executor");
  for (const void* frame : where.frames()) log_line("  " + to_string(code_place(frame)));
}

void on_released() {
  if (uwsgi.harakiri_options.workers > 0) set_harakiri_at(0);
}

}  // namespace

std::optional<Duration> block_limit() noexcept {
  if (options().block_warning > 0) return to_duration(options().block_warning);
  if (uwsgi.harakiri_options.workers > 0) return kLooked;
  return std::nullopt;
}

BlockWatch::Handlers block_handlers() { return {on_blocked, on_released}; }

}  // namespace aiopyr::plugin

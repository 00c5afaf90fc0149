#include <algorithm>
#include <chrono>
#include <string>

#include <aiopyr/plugin/failures/block_warning.h>
#include <aiopyr/plugin/server/log.h>
#include <aiopyr/plugin/server/options.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/plugin/server/uwsgi_versions.h>
#include <aiopyr/runtime/base/backtrace.h>

namespace aiopyr::plugin {

namespace {

/// What harakiri is measured by, at the least.
constexpr Duration kHarakiriLook = std::chrono::seconds(1);

void warn(Duration blocked, const Backtrace& where) {
  const auto time = std::chrono::duration_cast<std::chrono::milliseconds>(blocked).count();
  log_line("the loop has been blocked for " + std::to_string(time) +
           " ms, and everybody waits: move what blocks into a plain view or run_in_executor");
  for (const void* frame : where.frames()) log_line("  " + to_string(code_place(frame)));
}

void on_blocked(Duration blocked, const Backtrace& where) {
  if (uwsgi.harakiri_options.workers > 0) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(blocked).count();
    set_harakiri_at(uwsgi, uwsgi_now() + uwsgi.harakiri_options.workers - seconds);
  }
  const double limit = options().block_warning;
  if (limit > 0 && blocked >= to_duration(limit)) warn(blocked, where);
}

void on_released() {
  if (uwsgi.harakiri_options.workers > 0) set_harakiri_at(uwsgi, 0);
}

}  // namespace

std::optional<Duration> block_limit() noexcept {
  std::optional<Duration> limit;
  if (options().block_warning > 0) limit = to_duration(options().block_warning);
  if (uwsgi.harakiri_options.workers > 0)
    limit = std::min(limit.value_or(kHarakiriLook), kHarakiriLook);
  return limit;
}

BlockWatch::Handlers block_handlers() { return {on_blocked, on_released}; }

}  // namespace aiopyr::plugin

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include <aiopyr/plugin/failures/block_advice.h>
#include <aiopyr/plugin/failures/block_warning.h>
#include <aiopyr/plugin/server/log.h>
#include <aiopyr/plugin/server/options.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/plugin/server/uwsgi_versions.h>
#include <aiopyr/runtime/base/backtrace.h>

namespace aiopyr::plugin {

namespace {

/// The longest limit of the watch if `harakiri` is set, which counts whole seconds.
constexpr Duration kHarakiriLook = std::chrono::seconds(1);

void warn(Duration blocked, const Backtrace& where, const std::string& work) {
  const auto time = std::chrono::duration_cast<std::chrono::milliseconds>(blocked).count();
  std::vector<CodePlace> stack;
  for (const void* frame : where.frames()) stack.push_back(code_place(frame));
  log_line("the loop has been blocked for " + std::to_string(time) + " ms" +
           (work.empty() ? "" : " by " + work) +
           ", and everybody waits: " + std::string(advice_about(stack)));
  for (const CodePlace& place : stack) log_line("  " + to_string(place));
}

void on_blocked(Duration blocked, const Backtrace& where, const CurrentWork& work) {
  if (uwsgi.harakiri_options.workers > 0) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(blocked).count();
    set_harakiri_at(uwsgi, uwsgi_now() + uwsgi.harakiri_options.workers - seconds);
  }
  const double limit = options().block_warning;
  if (limit > 0 && blocked >= to_duration(limit)) {
    warn(blocked, where, work.describe());
  }
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

BlockWatch::Handlers block_handlers(CurrentWork work) {
  return {[work](Duration blocked, const Backtrace& where) { on_blocked(blocked, where, work); },
          on_released, work.note};
}

}  // namespace aiopyr::plugin

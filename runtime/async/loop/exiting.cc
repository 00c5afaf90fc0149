#include <cstdlib>

#include <aiopyr/runtime/async/loop/exiting.h>

namespace aiopyr::detail {

namespace {

bool exiting = false;

}  // namespace

// Handlers run in the reverse order: this one before the destructors of whatever static object is
// older than the first loop.
void watch_for_exit() noexcept {
  [[maybe_unused]] static const int registered = std::atexit([] { exiting = true; });
}

bool is_exiting() noexcept { return exiting; }

}  // namespace aiopyr::detail

#include <cstdlib>

#include <aiopyr/runtime/async/loop/exiting.h>

namespace aiopyr::detail {

namespace {

bool exiting = false;

}  // namespace

// Registers the handler. Handlers run in reverse order, so this one runs before the destructors of
// every static object that is older than the first loop.
void watch_for_exit() noexcept {
  [[maybe_unused]] static const int registered = std::atexit([] { exiting = true; });
}

bool is_exiting() noexcept { return exiting; }

}  // namespace aiopyr::detail

#include <aiopyr/runtime/async/loop/ev_loop.h>
#include <aiopyr/runtime/async/tasks/run_blocking.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr::detail {

std::unique_ptr<Loop> make_loop_to_block_on() {
  if (Loop::current() != nullptr) {
    throw InvalidStateError(
        "run_blocking was called on a thread that has a loop, which it would block: co_await the "
        "task, or on a fiber call it through synchronize()");
  }
  return std::make_unique<EvLoop>();
}

}  // namespace aiopyr::detail

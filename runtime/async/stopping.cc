#include <aiopyr/runtime/async/loop.h>
#include <aiopyr/runtime/async/stopping.h>

namespace aiopyr {

Event& stopping() {
  Loop& loop = Loop::require("stopping");
  return loop.stopping();
}

}  // namespace aiopyr

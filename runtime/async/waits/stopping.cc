#include <memory>

#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/async/waits/stopping.h>

namespace aiopyr {

Event& Loop::stopping() {
  if (!stopping_) stopping_ = std::make_shared<Event>();
  return *stopping_;
}

Event& stopping() {
  Loop& loop = Loop::require("stopping");
  return loop.stopping();
}

}  // namespace aiopyr

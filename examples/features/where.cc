// The context of each kind of view: a coroutine on the loop, a plain view in a thread of the
// executor, a plain view with FiberMapper on the request's own fiber.
#include <any>
#include <unistd.h>

#include "features.h"

namespace features {

using namespace aiopyr;

namespace where {

constexpr const char* kLoopThread = "features.loop_thread";

// Records the loop's thread: tweens run on the request's fiber, so on that thread.
Handler note_loop_thread(Handler handler, Registry&) {
  return [handler = std::move(handler)](Request& request) {
    request.attributes()[kLoopThread] = thread_id();
    return handler(request);
  };
}

Task<Json> coroutine(Request& request) { co_return where_am_i(request); }

Json plain(Request& request) { return where_am_i(request); }

}  // namespace where

using namespace where;

pid_t thread_id() noexcept { return ::gettid(); }

Json where_am_i(Request& request) {
  return Json{{"context", to_string(current_context())},
              {"thread", thread_id()},
              {"loop_thread", std::any_cast<pid_t>(request.attributes()[kLoopThread])}};
}

void include_where(Configurator& config) {
  config.add_tween(note_loop_thread);
  config.add_route("where-coroutine", "/where/coroutine");
  config.add_view(coroutine, {.route_name = "where-coroutine", .renderer = "json"});
  config.add_route("where-plain", "/where/plain");
  config.add_view(plain, {.route_name = "where-plain", .renderer = "json"});
  config.add_route("where-fiber", "/where/fiber");
  config.add_view(plain,
                  {.route_name = "where-fiber", .renderer = "json", .mapper = FiberMapper{}});
}

}  // namespace features

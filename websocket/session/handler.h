#pragma once

#include <aiopyr/runtime/async/tasks/task.h>

namespace aiopyr {

class Websocket;

/// What one connection runs: made from the view on the request's fiber, before the 101, so that a
/// constructor may still refuse with an HTTP exception; run, once, and destroyed in the root
/// context.
class WebsocketHandler {
 public:
  virtual ~WebsocketHandler() = default;

  /// Whether it looks at the context, which then is kept as long as the websocket.
  [[nodiscard]] virtual bool needs_context() const noexcept { return true; }

  /// The view's coroutine. Not called again; outlived by this object.
  virtual Task<> run(Websocket& websocket) = 0;
};

}  // namespace aiopyr

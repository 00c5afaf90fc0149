#pragma once

#include <aiopyr/runtime/async/tasks/task.h>

namespace aiopyr {

class Websocket;

/// The run of a view for one connection. Made from the view on the request's fiber, before the 101,
/// so that a constructor may still refuse with an HTTP exception; run, once, and destroyed in the
/// root context.
class WebsocketHandler {
 public:
  virtual ~WebsocketHandler() = default;

  /// Returns whether it uses the context, which is then kept as long as the websocket.
  [[nodiscard]] virtual bool needs_context() const noexcept { return true; }

  /// Returns the view's coroutine. Not called again; this object outlives it.
  virtual Task<> run(Websocket& websocket) = 0;
};

}  // namespace aiopyr

#include <utility>

#include <aiopyr/runtime/web/http/response.h>
#include <aiopyr/runtime/web/request/request.h>
#include <aiopyr/websocket/session/errors.h>
#include <aiopyr/websocket/views/middleware.h>

namespace aiopyr {

Handler ignore_websocket_closed(Handler app) {
  return [app = std::move(app)](Request& request) -> Response {
    try {
      return app(request);
    } catch (const WebsocketClosed& closed) {
      if (closed.cause()) throw;
      // The 101 at the beginning is the answer, and has left: the server sends nothing more.
      return Response(std::string(), 101);
    }
  };
}

}  // namespace aiopyr

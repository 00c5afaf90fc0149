#include <utility>

#include "views.h"

namespace tutorial {

using namespace aiopyr;

Task<> echo(Websocket& ws) {
  while (auto message = co_await ws.recv()) co_await ws.send(*message);
}

Task<> Echo::on_message(Message message) { co_await send(message); }

}  // namespace tutorial

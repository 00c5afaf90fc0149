#include <utility>

#include <aiopyr/runtime/async/loop.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/websocket/handle.h>
#include <aiopyr/websocket/protocol/close_code.h>
#include <aiopyr/websocket/websocket.h>

namespace aiopyr {

WebsocketHandle::WebsocketHandle(Websocket& websocket)
    : websocket_(websocket.weak_from_this()), loop_(Loop::require("Websocket::handle").remote()) {}

void WebsocketHandle::send_threadsafe(const Message& message) const {
  auto prepared = std::make_shared<const websocket::PreparedMessage>(message);
  if (!loop_) return;
  loop_->push([websocket = websocket_, prepared = std::move(prepared)] {
    if (const auto open = websocket.lock()) open->push_unawaited(prepared);
  });
}

void WebsocketHandle::close_threadsafe(std::uint16_t code, std::string reason) const {
  websocket::require_close_code(code);
  if (!loop_) return;
  loop_->push([websocket = websocket_, code, reason = std::move(reason)] {
    if (const auto open = websocket.lock()) open->close(code, reason);
  });
}

std::shared_ptr<Websocket> WebsocketHandle::lock() const {
  if (!loop_) return nullptr;
  if (const Loop* loop = Loop::current(); loop == nullptr || loop->remote() != loop_) {
    throw ScopeError(
        "WebsocketHandle::lock() was called on another thread than the websocket's: use "
        "send_threadsafe() or close_threadsafe()");
  }
  return websocket_.lock();
}

}  // namespace aiopyr

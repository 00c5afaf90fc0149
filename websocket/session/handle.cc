#include <utility>

#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/websocket/protocol/close_code.h>
#include <aiopyr/websocket/session/handle.h>
#include <aiopyr/websocket/session/websocket.h>

namespace aiopyr {

WebsocketHandle::WebsocketHandle(Websocket& websocket)
    : websocket_(websocket.weak_from_this()), loop_(Loop::require("Websocket::handle").remote()) {}

void WebsocketHandle::send_threadsafe(const Message& message) const {
  auto publication = websocket::make_publication(message);
  if (!loop_) return;
  loop_->push([its = websocket_, publication = std::move(publication)] {
    const auto open = its.lock();
    if (!open) return;
    auto& session = websocket::Session::of(*open);
    session.push(publication, session.endpoint().slow_client.without_wait(),
                 websocket::Backlog::kHandle, {});
  });
}

void WebsocketHandle::close_threadsafe(std::uint16_t code, std::string reason) const {
  websocket::require_close_code(code);
  if (!loop_) return;
  loop_->push([websocket = websocket_, code, reason = std::move(reason)] {
    if (const auto open = websocket.lock()) static_cast<void>(open->close(code, reason));
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

#include <exception>
#include <utility>

#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/websocket/views/connection_view.h>

namespace aiopyr {
namespace {

Task<> receive_all(WebsocketConnectionView& view, Websocket& websocket) {
  co_await view.on_open();
  while (auto message = co_await websocket.recv()) co_await view.on_message(*std::move(message));
}

}  // namespace

Task<> WebsocketConnectionView::on_open() { co_return; }

Task<> WebsocketConnectionView::on_close(std::uint16_t, std::string_view) { co_return; }

Task<> WebsocketConnectionView::run(Websocket& websocket) {
  websocket_ = &websocket;
  std::exception_ptr error;
  try {
    co_await receive_all(*this, websocket);
  } catch (...) {
    error = std::current_exception();
  }
  try {
    co_await on_close(websocket.close_code(), websocket.close_reason());
  } catch (...) {
    // Throws the first failure, which tells more; the other one must not be lost.
    if (!error) throw;
    Loop::require("on_close")
        .handle_exception(std::current_exception(), "on_close of a websocket view");
  }
  if (error) std::rethrow_exception(error);
}

}  // namespace aiopyr

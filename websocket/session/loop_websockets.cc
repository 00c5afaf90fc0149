#include <aiopyr/websocket/session/loop_websockets.h>

namespace aiopyr::websocket {
namespace {

// The size of the input buffer: a socket's buffer has as much by default; more only costs cache.
constexpr std::size_t kInputSize = std::size_t{64} * 1024;

}  // namespace

Connections& Connections::of_this_thread() {
  thread_local Connections connections;
  return connections;
}

void Connections::for_each(const std::function<void(Websocket&)>& f) {
  all_.for_each([&](ConnectionHook& hook) { f(hook.websocket); });
}

std::size_t Connections::count() {
  std::size_t count = 0;
  all_.for_each([&](ConnectionHook&) { ++count; });
  return count;
}

void Connections::make_input() { input_.resize(kInputSize / sizeof(CacheLine)); }

}  // namespace aiopyr::websocket

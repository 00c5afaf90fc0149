#include <aiopyr/websocket/connections.h>

namespace aiopyr::websocket {
namespace {

// As much as a socket's buffer holds by default; more only costs cache.
constexpr std::size_t kInputSize = std::size_t{64} * 1024;
constexpr std::size_t kLargestScratch = std::size_t{256} * 1024;

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

std::span<std::byte> Connections::input() {
  if (input_.empty()) input_.resize(kInputSize);
  return input_;
}

void Connections::trim() noexcept {
  if (scratch_.capacity() > kLargestScratch) std::string().swap(scratch_);
}

}  // namespace aiopyr::websocket

// Prints the size in bytes of the coroutine frame of examples/bench's echo: an idle websocket holds
// it for the app itself, so it is no overhead of ours.
#include <cstddef>
#include <cstdlib>
#include <iostream>
#include <new>

#include <aiopyr/websocket/session/websocket.h>

namespace {

std::size_t last_size = 0;

aiopyr::Task<> echo(aiopyr::Websocket& ws) {
  while (auto message = co_await ws.recv()) co_await ws.send(*message);
}

}  // namespace

void* operator new(std::size_t size) {
  last_size = size;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}

void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

int main() {
  alignas(aiopyr::Websocket) std::byte nobody[sizeof(aiopyr::Websocket)];
  last_size = 0;
  // The task is lazy: it does not use its websocket before it is awaited.
  const auto task = echo(reinterpret_cast<aiopyr::Websocket&>(nobody));
  std::cout << last_size << std::endl;
  return last_size > 0 ? 0 : 1;
}

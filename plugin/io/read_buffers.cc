#include <cstdio>
#include <cstdlib>

#include <aiopyr/plugin/io/read_buffers.h>
#include <aiopyr/plugin/io/spares.h>

namespace aiopyr::plugin {

namespace {

Spares<void> spare_read_buffers;
std::size_t size_of_each = 4096;

}  // namespace

void set_read_buffer_size(std::size_t bytes) noexcept { size_of_each = bytes; }

std::size_t read_buffer_size() noexcept { return size_of_each; }

void* take_read_buffer() noexcept {
  void* const spare = spare_read_buffers.take();
  if (spare != nullptr) return spare;
  void* const made = std::malloc(size_of_each);
  if (made == nullptr) {
    std::fputs("aiopyr: there is no memory to read a request\n", stderr);
    std::exit(1);
  }
  return made;
}

void give_back_read_buffer(void* buffer) noexcept {
  if (buffer != nullptr && !spare_read_buffers.keep(buffer)) std::free(buffer);
}

}  // namespace aiopyr::plugin

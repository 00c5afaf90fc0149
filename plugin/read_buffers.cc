#include <array>
#include <cstddef>
#include <cstdlib>

#include <aiopyr/plugin/read_buffers.h>
#include <aiopyr/plugin/uwsgi_api.h>

namespace aiopyr::plugin {

namespace {

/// Of as many requests as are read at the same moment, as a rule.
std::array<void*, 16> spare_read_buffers{};
std::size_t spare_count = 0;

}  // namespace

void* take_read_buffer() noexcept {
  if (spare_count > 0) return spare_read_buffers[--spare_count];
  return uwsgi_malloc(uwsgi.buffer_size);
}

void give_back_read_buffer(void* buffer) noexcept {
  if (buffer != nullptr && spare_count < spare_read_buffers.size()) {
    spare_read_buffers[spare_count++] = buffer;
  } else {
    std::free(buffer);
  }
}

}  // namespace aiopyr::plugin

#include <cstdlib>

#include <aiopyr/plugin/read_buffers.h>
#include <aiopyr/plugin/spares.h>
#include <aiopyr/plugin/uwsgi_api.h>

namespace aiopyr::plugin {

namespace {

Spares<void> spare_read_buffers;

}  // namespace

void* take_read_buffer() noexcept {
  void* const spare = spare_read_buffers.take();
  return spare != nullptr ? spare : uwsgi_malloc(uwsgi.buffer_size);
}

void give_back_read_buffer(void* buffer) noexcept {
  if (buffer != nullptr && !spare_read_buffers.keep(buffer)) std::free(buffer);
}

}  // namespace aiopyr::plugin

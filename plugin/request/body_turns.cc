#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>

#include <aiopyr/plugin/request/body_turns.h>
#include <aiopyr/plugin/server/log.h>
#include <aiopyr/plugin/server/server_state.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/runtime/async/fibers/fiber.h>

namespace aiopyr::plugin {

namespace {

constexpr std::size_t kBytesOfATurn = std::size_t{256} << 10U;

/// The least value of post-buffering, the number of bytes that uWSGI reads at a time.
constexpr std::size_t kLeastPostBuffering = 8192;

/// The request that has read last on this loop, and how much it has read since it waited.
struct Reader {
  const wsgi_request* core = nullptr;
  std::uint64_t began = 0;  // of the request: a core serves many
  std::size_t bytes = 0;
};

Reader reader;

extern "C" {

static ssize_t aiopyr_read_body(wsgi_request* request, char* buffer, std::size_t size) {
  if (reader.core != request || reader.began != request->start_of_request) {
    reader = {request, request->start_of_request, 0};
  }
  // Bytes that came with the head are not in the socket, so a wait for it would not end.
  if (reader.bytes >= kBytesOfATurn && request->proto_parser_remains == 0 &&
      Fiber::current() != nullptr) {
    reader.bytes = 0;
    errno = EAGAIN;
    return -1;
  }
  const ssize_t count = uwsgi_proto_base_read_body(request, buffer, size);
  reader.bytes = count > 0 ? reader.bytes + static_cast<std::size_t>(count) : 0;
  return count;
}

}  // extern "C"

}  // namespace

void read_bodies_in_turns(uwsgi_socket& socket) noexcept {
  if (socket.proto_read_body == uwsgi_proto_base_read_body) {
    socket.proto_read_body = aiopyr_read_body;
  }
}

void note_wait() noexcept { reader = {}; }

void raise_post_buffering() {
  if (!runs_our_loop() || uwsgi.post_buffering == 0) return;
  if (uwsgi.post_buffering >= kLeastPostBuffering) return;
  log_line("post-buffering = " + std::to_string(uwsgi.post_buffering) + " is raised to " +
           std::to_string(kLeastPostBuffering) + ": uWSGI reads so many bytes at a time");
  uwsgi.post_buffering = kLeastPostBuffering;
}

}  // namespace aiopyr::plugin

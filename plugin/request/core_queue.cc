#include <cassert>

#include <aiopyr/plugin/metrics/shared_counters.h>
#include <aiopyr/plugin/request/core_queue.h>
#include <aiopyr/plugin/server/uwsgi_api.h>

namespace aiopyr::plugin {

namespace {

uwsgi_core& core_of(const wsgi_request& request) {
  return uwsgi.workers[uwsgi.mywid].cores[request.async_id];
}

/// Sets up a core as uWSGI's wsgi_req_setup() does, but without its wait while the worker is
/// paused: that would stop the loop, and everything in flight with it.
void set_up(wsgi_request& request, uwsgi_socket& socket) noexcept {
  uwsgi_core& core = core_of(request);
  request.app_id = -1;
  request.sendfile_fd = -1;
  request.hvec = core.hvec;
  request.uh = reinterpret_cast<uwsgi_header*>(core.buffer);
  request.buffer = core.buffer + sizeof(uwsgi_header);
  if (uwsgi.post_buffering > 0) request.post_buffering_buf = core.post_buf;
  request.socket = &socket;
}

void count_busy() noexcept {
  own_counters()->cores.set(static_cast<std::int64_t>(CoreQueue::busy()));
}

}  // namespace

wsgi_request* CoreQueue::take(uwsgi_socket& socket) noexcept {
  wsgi_request* request = find_first_available_wsgi_req();
  if (request == nullptr) return nullptr;
  set_up(*request, socket);
  core_of(*request).in_request = 1;
  count_busy();
  return request;
}

void CoreQueue::give_back(wsgi_request& request) noexcept {
  core_of(request).in_request = 0;
  assert(uwsgi.async_queue_unused_ptr + 1 < uwsgi.async && "a core was given back twice");
  uwsgi.async_queue_unused[++uwsgi.async_queue_unused_ptr] = &request;
  count_busy();
}

std::size_t CoreQueue::busy() noexcept {
  return static_cast<std::size_t>(uwsgi.async - 1 - uwsgi.async_queue_unused_ptr);
}

bool CoreQueue::empty() noexcept { return uwsgi.async_queue_unused_ptr < 0; }

}  // namespace aiopyr::plugin

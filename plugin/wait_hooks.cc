#include <algorithm>
#include <optional>

#include <aiopyr/plugin/request_fiber.h>
#include <aiopyr/plugin/uwsgi_api.h>
#include <aiopyr/plugin/wait_hooks.h>
#include <aiopyr/runtime/async/fiber.h>
#include <aiopyr/runtime/async/fiber_wait.h>

namespace aiopyr::plugin {

namespace {

std::optional<Duration> seconds(int timeout) noexcept {
  if (timeout < 0) return std::nullopt;
  return std::chrono::seconds(timeout);
}

int to_hook_result(FdWaitResult result) noexcept {
  switch (result) {
    case FdWaitResult::kReady:
      return 1;
    case FdWaitResult::kTimeout:
      return 0;
    case FdWaitResult::kCancelled:
      break;
  }
  return -1;
}

/// The wait's own limit, or what the request's client has left where that is less.
std::optional<Duration> limit_of(int fd, FdEvents events, int timeout) noexcept {
  const auto own = seconds(timeout);
  if (uwsgi.wsgi_req == nullptr) return own;
  const auto paced = current_request_fiber().pace_limit(fd, events);
  if (!paced) return own;
  return own ? std::min(*own, *paced) : *paced;
}

FdWaitResult wait_within(int fd, FdEvents events, std::optional<Duration> limit) noexcept {
  if (limit && *limit <= Duration::zero()) return FdWaitResult::kTimeout;
  return wait_for_fd_on_fiber(fd, events, limit);
}

int wait_for(int fd, FdEvents events, int timeout) noexcept {
  const FdWaitResult result = wait_within(fd, events, limit_of(fd, events, timeout));
  // What uWSGI's own async engine leaves behind on a timeout, some plugins look at.
  if (wsgi_request* request = uwsgi.wsgi_req) {
    request->async_timed_out = result == FdWaitResult::kTimeout ? 1 : 0;
    request->async_ready_fd = result == FdWaitResult::kReady ? 1 : 0;
    request->async_last_ready_fd = fd;
  }
  return to_hook_result(result);
}

extern "C" {

int aiopyr_wait_read(int fd, int timeout) {
  if (Fiber::current() == nullptr) return uwsgi_simple_wait_read_hook(fd, timeout);
  return wait_for(fd, FdEvents::kRead, timeout);
}

int aiopyr_wait_write(int fd, int timeout) {
  if (Fiber::current() == nullptr) return uwsgi_simple_wait_write_hook(fd, timeout);
  return wait_for(fd, FdEvents::kWrite, timeout);
}

int aiopyr_wait_read2(int first, int second, int timeout, int* ready_fd) {
  if (Fiber::current() == nullptr) {
    return uwsgi_simple_wait_read2_hook(first, second, timeout, ready_fd);
  }
  return to_hook_result(wait_for_two_fds_on_fiber(first, second, seconds(timeout), *ready_fd));
}

int aiopyr_wait_milliseconds(int timeout) {
  if (Fiber::current() == nullptr) return uwsgi_simple_wait_milliseconds_hook(timeout);
  return sleep_on_fiber(std::chrono::milliseconds(timeout)) ? 0 : -1;
}

}  // extern "C"

}  // namespace

void install_wait_hooks() noexcept {
  uwsgi.wait_read_hook = aiopyr_wait_read;
  uwsgi.wait_write_hook = aiopyr_wait_write;
  uwsgi.wait_read2_hook = aiopyr_wait_read2;
  uwsgi.wait_milliseconds_hook = aiopyr_wait_milliseconds;
}

}  // namespace aiopyr::plugin

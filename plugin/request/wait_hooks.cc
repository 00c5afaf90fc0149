#include <algorithm>
#include <optional>

#include <aiopyr/plugin/request/body_turns.h>
#include <aiopyr/plugin/request/request_fiber.h>
#include <aiopyr/plugin/request/wait_hooks.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/runtime/async/fibers/fiber.h>
#include <aiopyr/runtime/async/fibers/fiber_wait.h>
#include <aiopyr/runtime/async/loop/loop.h>

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

/// Returns the request that this fiber serves; null for an app's own fiber.
ServedRequest* served_request() noexcept {
  RequestFiber* const fiber = RequestFiber::of(*Fiber::current());
  return fiber != nullptr ? &fiber->served() : nullptr;
}

/// Waits for a client that has to keep a pace, in its periods. A period in which it has moved
/// enough is followed by the next.
FdWaitResult wait_at_pace(ServedRequest& served, int fd, FdEvents events,
                          std::optional<Duration> own) noexcept {
  const Loop& loop = Fiber::current()->loop();
  const auto end = own ? std::optional(loop.now() + *own) : std::nullopt;
  for (;;) {
    const auto paced = served.pace.limit(fd, events);
    if (!paced) return wait_for_fd_on_fiber(fd, events, own);
    const Duration limit = end ? std::min(*paced, *end - loop.now()) : *paced;
    if (limit <= Duration::zero()) return FdWaitResult::kTimeout;
    const auto result = wait_for_fd_on_fiber(fd, events, limit);
    if (result != FdWaitResult::kTimeout) return result;
  }
}

int wait_for(int fd, FdEvents events, int timeout) noexcept {
  note_wait();
  ServedRequest* const served = served_request();
  if (served == nullptr) return to_hook_result(wait_for_fd_on_fiber(fd, events, seconds(timeout)));
  const FdWaitResult result = wait_at_pace(*served, fd, events, seconds(timeout));
  // Sets the result of uWSGI's own async engine after a timeout, which some plugins read.
  wsgi_request& request = served->request;
  request.async_timed_out = result == FdWaitResult::kTimeout ? 1 : 0;
  request.async_ready_fd = result == FdWaitResult::kReady ? 1 : 0;
  request.async_last_ready_fd = fd;
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

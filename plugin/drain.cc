#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <csignal>
#include <ctime>
#include <string>
#include <sys/eventfd.h>
#include <unistd.h>

#include <aiopyr/plugin/core_queue.h>
#include <aiopyr/plugin/drain.h>
#include <aiopyr/plugin/log.h>
#include <aiopyr/plugin/options.h>
#include <aiopyr/plugin/pending_connections.h>
#include <aiopyr/plugin/request_fiber.h>
#include <aiopyr/plugin/response_tail.h>
#include <aiopyr/plugin/uwsgi_api.h>
#include <aiopyr/runtime/async/event.h>
#include <aiopyr/runtime/async/stopping.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/websocket/connections.h>
#include <aiopyr/websocket/protocol/close_code.h>

namespace aiopyr::plugin {

namespace {

/// What a client that has connected gets to send the first byte of its request.
constexpr Duration kPatience = std::chrono::seconds(1);

constexpr Duration kStep = std::chrono::milliseconds(20);

/// So many websockets are closed a second, more where that would take half of the time there is.
constexpr double kClosesASecond = 1000;

std::string count_of(std::size_t requests, std::size_t websockets) {
  return std::to_string(requests) + " requests and " + std::to_string(websockets) + " websockets";
}

/// Those that their clients have not sent, or not read to the end, count too.
std::size_t open_requests() {
  return CoreQueue::busy() + PendingConnections::current()->count() +
         ResponseTails::current()->count();
}

std::size_t open_websockets() { return websocket::Connections::of_this_thread().count(); }

// What the signal handler touches.
std::atomic<int> asked_by{0};
std::atomic<std::time_t> asked_at{0};
std::atomic<int> wake_fd{-1};
static_assert(std::atomic<int>::is_always_lock_free);
static_assert(std::atomic<std::time_t>::is_always_lock_free);

std::time_t monotonic_seconds() noexcept {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec;
}

extern "C" void aiopyr_on_end_signal(int signal) {
  const int saved = errno;
  const bool is_first = asked_by.exchange(signal) == 0;
  // Ctrl-C in a terminal reaches a worker twice, from the terminal and from the master.
  if (!is_first && signal != SIGHUP && monotonic_seconds() - asked_at > 1) _exit(UWSGI_END_CODE);
  if (is_first) asked_at = monotonic_seconds();
  const std::uint64_t one = 1;
  static_cast<void>(!::write(wake_fd, &one, sizeof one));
  errno = saved;
}

}  // namespace

void Drain::begin(Why why, int exit_code) {
  if (begun_) return;
  begun_ = true;
  why_ = why;
  exit_code_ = exit_code;
  loop_.call_soon([this] {
    tell_everybody();
    on_timer();
  });
}

void Drain::on_timer() {
  close_some();
  if (loop_.now() >= unasked_until_) drop_unasked_connections();
  const auto requests = open_requests();
  const auto websockets = open_websockets();
  over_ = (requests == 0 && websockets == 0) || loop_.now() >= deadline_;
  if (!over_) {
    start_after(loop_, kStep);
  } else if (requests + websockets > 0) {
    log_line("the drain timeout is over: " + count_of(requests, websockets) + " are cut off");
  }
}

void Drain::tell_everybody() {
  stop_accepting_();
  loop_.stopping().set();
  websocket::Connections::of_this_thread().for_each(
      [this](Websocket& websocket) { to_close_.push_back(websocket.weak_from_this()); });
  const auto count = static_cast<double>(to_close_.size());
  const double spread = std::min(count / kClosesASecond, options().drain_timeout / 2);
  const double steps = std::max(spread / std::chrono::duration<double>(kStep).count(), 1.0);
  at_once_ = static_cast<std::size_t>(std::ceil(count / steps));
  unasked_until_ = loop_.now() + kPatience;
  deadline_ = loop_.now() + to_duration(options().drain_timeout);
  log_line((why_ == Why::kReload ? "about to restart: " : "about to stop: ") +
           count_of(open_requests(), to_close_.size()) + " are to end");
}

void Drain::close_some() {
  for (std::size_t i = 0; i < at_once_ && !to_close_.empty(); ++i) {
    const auto websocket = to_close_.back().lock();
    to_close_.pop_back();
    if (!websocket) continue;
    if (why_ == Why::kReload) {
      static_cast<void>(websocket->close(websocket::kServiceRestart, "restarting"));
    } else {
      static_cast<void>(websocket->close(websocket::kGoingAway, "stopping"));
    }
  }
}

DrainSignals::DrainSignals(Loop& loop, Drain& drain) : drain_(drain) {
  const int fd = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (fd < 0) throw Error("cannot make an eventfd: is the limit of open files reached?");
  wake_fd = fd;
  start(loop, fd, FdEvents::kRead);
  struct sigaction action {};
  action.sa_handler = aiopyr_on_end_signal;
  ::sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  for (const int signal : {SIGHUP, SIGTERM, SIGINT}) ::sigaction(signal, &action, nullptr);
}

void DrainSignals::on_ready(FdEvents) {
  std::uint64_t count = 0;
  static_cast<void>(!::read(fd(), &count, sizeof count));
  const int signal = asked_by;
  // The master has a worker end by SIGTERM only where it is to be replaced.
  const bool comes_back = signal == SIGHUP || (signal == SIGTERM && uwsgi.master_process);
  drain_.begin(comes_back ? Drain::Why::kReload : Drain::Why::kStop,
               signal == SIGHUP ? UWSGI_RELOAD_CODE : UWSGI_END_CODE);
}

}  // namespace aiopyr::plugin

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdint>
#include <ctime>
#include <memory>
#include <string>
#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include <aiopyr/plugin/failures/failure.h>
#include <aiopyr/plugin/request/core_queue.h>
#include <aiopyr/plugin/request/request_fiber.h>
#include <aiopyr/plugin/server/log.h>
#include <aiopyr/plugin/server/options.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/plugin/worker/drain.h>
#include <aiopyr/plugin/worker/instance_end.h>
#include <aiopyr/runtime/async/waits/event.h>
#include <aiopyr/runtime/async/waits/stopping.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/websocket/connection/connection.h>
#include <aiopyr/websocket/protocol/close_code.h>
#include <aiopyr/websocket/session/loop_websockets.h>
#include <aiopyr/websocket/session/websocket.h>

namespace aiopyr::plugin {

namespace {

/// The time for a client that has connected to send the first byte of its request.
constexpr Duration kPatience = std::chrono::seconds(1);

constexpr Duration kStep = std::chrono::milliseconds(20);

/// The websockets that are closed per second; more if that would take more than half of the time
/// for the drain.
constexpr double kClosesASecond = 1000;

/// The time for the master to answer whether this is a stop or a reload: a graceful stop begins
/// with the signal of a reload.
constexpr Duration kAnswer = std::chrono::seconds(1);

/// The time for views of websockets to end when their clients have not ended them, but at most a
/// quarter of the whole time.
constexpr Duration kFarewell = std::chrono::milliseconds(500);

/// The time for apps to end once their requests have.
constexpr Duration kAppsEnd = std::chrono::seconds(3);

constexpr double seconds_of(Duration time) noexcept {
  return std::chrono::duration<double>(time).count();
}

std::string count_of(std::size_t requests, std::size_t websockets) {
  return std::to_string(requests) + " requests and " + std::to_string(websockets) + " websockets";
}

std::size_t open_websockets() { return websocket::Connections::of_this_thread().count(); }

// The state that the signal handlers use.
std::atomic<int> asked_by{0};
std::atomic<std::int64_t> stop_asked_at{0};
std::atomic<int> wake_fd{-1};
static_assert(std::atomic<int>::is_always_lock_free);
static_assert(std::atomic<std::int64_t>::is_always_lock_free);

std::int64_t monotonic_milliseconds() noexcept {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
}

void wake_loop() noexcept {
  const std::uint64_t one = 1;
  static_cast<void>(!::write(wake_fd, &one, sizeof one));
}

/// Notes that a stop was asked for, and ends the process at a second request. Ctrl-C in a terminal
/// reaches a worker twice, from the terminal and from the master: within a second both are one
/// request.
void note_stop() noexcept {
  constexpr std::int64_t kSecond = 1000;
  const std::int64_t now = monotonic_milliseconds();
  std::int64_t first = 0;
  if (!stop_asked_at.compare_exchange_strong(first, now) && now - first >= kSecond) {
    tell_untold_number();
    _exit(UWSGI_END_CODE);
  }
}

extern "C" {

void aiopyr_on_end_signal(int signal) {
  const int saved = errno;
  // The master sends SIGTERM only to a worker that is to be replaced.
  if (signal == SIGINT || (signal == SIGTERM && !uwsgi.master_process)) note_stop();
  asked_by = signal;
  wake_loop();
  errno = saved;
}

void aiopyr_on_change_signal(int) {
  const int saved = errno;
  wake_loop();
  errno = saved;
}

}  // extern "C"

/// Returns the websockets that match, and keeps them alive: an action on one of them may end
/// others.
template <class Predicate>
std::vector<std::shared_ptr<Websocket>> websockets_that(Predicate is_meant) {
  std::vector<std::shared_ptr<Websocket>> found;
  websocket::Connections::of_this_thread().for_each([&](Websocket& websocket) {
    if (is_meant(websocket)) found.push_back(websocket.shared_from_this());
  });
  return found;
}

void handle(int signal, void (*handler)(int)) noexcept {
  struct sigaction action {};
  action.sa_handler = handler;
  ::sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  ::sigaction(signal, &action, nullptr);
}

}  // namespace

double drain_seconds() noexcept {
  const double wanted = options().drain_timeout;
  if (!uwsgi.master_process) return wanted;
  // The master looks once a second; leaving takes its time too.
  const auto mercy = static_cast<double>(uwsgi.worker_reload_mercy);
  return std::min(wanted, std::max(mercy - 1, mercy / 2));
}

void warn_of_short_mercy() {
  if (drain_seconds() >= options().drain_timeout) return;
  log_line("worker-reload-mercy = " + std::to_string(uwsgi.worker_reload_mercy) +
           " cuts aiopyr-drain-timeout short: raise it, or lower aiopyr-drain-timeout");
}

/// Returns the number of open requests, including those that their clients have not completely
/// sent, and responses that they have not completely read.
std::size_t Drain::open_requests() const noexcept {
  return CoreQueue::busy() + connections_.count();
}

void Drain::begin(Why why, int exit_code) {
  if (begun_ && why == Why::kReload) return;
  why_ = why;
  exit_code_ = exit_code;
  if (std::exchange(begun_, true)) return;
  ask_for_instance_end();
  // Marks the end as intended: otherwise the master would log a sudden death.
  uwsgi.workers[uwsgi.mywid].manage_next_request = 0;
  loop_.call_soon([this] {
    tell_everybody();
    on_timer();
  });
}

void Drain::on_timer() {
  if (loop_.now() >= gives_up_at_) {
    give_up_websockets();
  } else if (loop_.now() >= closes_from_ || is_instance_end_answered()) {
    close_some();
  }
  if (loop_.now() >= unasked_until_) drop_unasked_connections(connections_);
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
  const auto count = static_cast<double>(open_websockets());
  const double spread = std::min(count / kClosesASecond, drain_seconds() / 2);
  const double rate = std::max(spread > 0 ? count / spread : 0, kClosesASecond);
  at_once_ = static_cast<std::size_t>(std::ceil(rate * seconds_of(kStep)));
  const bool is_known = is_stop() || !uwsgi.master_process;
  closes_from_ = loop_.now() + (is_known ? Duration::zero() : kAnswer);
  unasked_until_ = loop_.now() + kPatience;
  const Duration time = to_duration(drain_seconds());
  deadline_ = loop_.now() + time;
  gives_up_at_ = deadline_ - std::min(kFarewell, time / 4);
  log_line((is_stop() ? "about to stop: " : "about to restart: ") +
           count_of(open_requests(), open_websockets()) + " are to end");
}

Duration Drain::time_for_apps() const noexcept {
  if (!uwsgi.master_process) return kAppsEnd;
  const TimePoint begun = deadline_ - to_duration(drain_seconds());
  // The master looks once a second.
  const TimePoint end = begun + std::chrono::seconds(uwsgi.worker_reload_mercy) - kAnswer / 2;
  return std::clamp<Duration>(end - Clock::now(), Duration::zero(), kAppsEnd);
}

bool Drain::is_stop() const noexcept { return why_ == Why::kStop || instance_is_ending(); }

void Drain::close_some() {
  std::size_t left = at_once_;
  const auto chosen = websockets_that([&](const Websocket& websocket) {
    if (left == 0 || !websocket.is_open()) return false;
    --left;
    return true;
  });
  const std::uint16_t code = is_stop() ? websocket::kGoingAway : websocket::kServiceRestart;
  for (const auto& websocket : chosen) {
    static_cast<void>(websocket->close(code, is_stop() ? "stopping" : "restarting"));
  }
}

/// Gives up websockets that their clients have not ended, so that their views learn of the end
/// (on_close).
void Drain::give_up_websockets() {
  for (const auto& websocket : websockets_that([](const Websocket&) { return true; })) {
    // Skips those of the native mapper, which end with their requests.
    if (auto* connection = dynamic_cast<websocket::Connection*>(websocket.get())) {
      connection->give_up();
    }
  }
}

void note_end_signals() noexcept {
  for (const int signal : {SIGHUP, SIGTERM, SIGINT}) handle(signal, aiopyr_on_end_signal);
}

DrainSignals::DrainSignals(Loop& loop, Drain& drain) : drain_(drain) {
  const int fd = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (fd < 0) throw Error("cannot make an eventfd: is the limit of open files reached?");
  wake_fd = fd;
  start(loop, fd, FdEvents::kRead);
  note_end_signals();
  for (const int signal : {SIGWINCH, SIGTSTP}) handle(signal, aiopyr_on_change_signal);
  if (asked_by != 0) wake_loop();
}

void DrainSignals::on_ready(FdEvents) {
  std::uint64_t count = 0;
  static_cast<void>(!::read(fd(), &count, sizeof count));
  const int signal = asked_by;
  if (signal == 0) return;
  // The master sends SIGTERM only to a worker that is to be replaced.
  const bool comes_back = signal == SIGHUP || (signal == SIGTERM && uwsgi.master_process);
  drain_.begin(comes_back ? Drain::Why::kReload : Drain::Why::kStop,
               signal == SIGHUP ? UWSGI_RELOAD_CODE : UWSGI_END_CODE);
}

}  // namespace aiopyr::plugin

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <ctime>
#include <linux/close_range.h>
#include <mutex>
#include <new>
#include <optional>
#include <pthread.h>
#include <semaphore.h>
#include <string>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <aiopyr/runtime/async/loop/block_watch.h>
#include <aiopyr/runtime/async/loop/busy_mark.h>
#include <aiopyr/runtime/async/loop/signals_blocked.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr {

namespace {

/// The signal that asks the loop's thread. Its default action is to be ignored, so a late one does
/// no harm.
constexpr int kSignal = SIGURG;

/// How many times within its limit the watch looks at the loop.
constexpr int kLooks = 4;

/// The innermost frames to skip: the handler's, and that of the kernel's return from it.
constexpr std::size_t kFramesOfTheSignal = 2;

std::atomic<bool> is_watched{false};

/// The answer of the loop's thread; the semaphore passes it to the watch's thread.
struct Answer {
  Backtrace where;
  void (*note)() noexcept = nullptr;
  sem_t given{};
};
Answer answer;

extern "C" void aiopyr_tell_where(int) {
  const int saved = errno;
  answer.where = Backtrace::here(kFramesOfTheSignal);
  if (answer.note != nullptr) answer.note();
  ::sem_post(&answer.given);
  errno = saved;
}

void install_handler() {
  ::sem_init(&answer.given, 0, 0);
  // Takes a first backtrace here: it may initialise what later ones use, which a handler must not
  // do.
  static_cast<void>(Backtrace::here());
  struct sigaction action {};
  action.sa_handler = aiopyr_tell_where;
  ::sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  ::sigaction(kSignal, &action, nullptr);
}

/// Returns where `thread` is; nullopt if it does not answer.
std::optional<Backtrace> ask(pthread_t thread) {
  constexpr std::time_t kPatienceSeconds = 1;
  while (::sem_trywait(&answer.given) == 0) {
  }
  if (::pthread_kill(thread, kSignal) != 0) return std::nullopt;
  timespec until{};
  ::clock_gettime(CLOCK_REALTIME, &until);
  until.tv_sec += kPatienceSeconds;
  if (::sem_timedwait(&answer.given, &until) != 0) return std::nullopt;
  return answer.where;
}

/// Gives this thread a table of descriptors of its own, with only the standard ones in it. Where
/// threads share a table, the kernel counts the users of a descriptor in each system call, which
/// costs an eightieth of a websocket's echo. Before Linux 5.9 this fails, and the table stays
/// shared.
void leave_descriptors() noexcept {
  static_cast<void>(::close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_UNSHARE));
}

/// Starts the thread of a watch. Resets `is_watched` and throws Error where that fails.
template <class Run>
std::jthread start_thread(Run run) {
  const detail::SignalsBlocked blocked;
  try {
    return std::jthread(std::move(run));
  } catch (const std::system_error& error) {
    is_watched = false;
    throw Error("the thread that watches for a blocked loop cannot be started: " +
                std::string(error.what()) + "; is the limit of processes or of memory reached?");
  }
}

}  // namespace

BlockWatch::BlockWatch(Loop& loop, Duration limit, Handlers handlers)
    : loop_(loop),
      limit_(limit),
      handlers_(std::move(handlers)),
      loop_thread_(::pthread_self()),
      next_report_(limit) {
  if (is_watched.exchange(true)) {
    throw InvalidStateError("this process watches a loop already: one BlockWatch is enough");
  }
  answer.note = handlers_.note;
  install_handler();
  thread_ = start_thread([this](const std::stop_token& stop) { run(stop); });
}

BlockWatch::~BlockWatch() {
  thread_.request_stop();
  thread_.join();
  std::signal(kSignal, SIG_IGN);
  is_watched = false;
}

void BlockWatch::run(const std::stop_token& stop) {
  leave_descriptors();
  const Duration pause = std::max<Duration>(limit_ / kLooks, std::chrono::milliseconds(1));
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    if (!reported_turn_ && !loop_.busy_mark().await_begin(stop)) continue;
    stopped_.wait_for(lock, stop, pause, [] { return false; });
    look();
  }
}

void BlockWatch::look() {
  const auto turn = loop_.busy_since();
  if (reported_turn_ && turn != reported_turn_) {
    reported_turn_.reset();
    next_report_ = limit_;
    if (handlers_.on_released) handlers_.on_released();
  }
  if (turn && Clock::now() - *turn >= next_report_) report(*turn);
}

void BlockWatch::report(TimePoint turn) {
  const auto where = ask(loop_thread_);
  // Checks that the loop is still in the same turn; otherwise the backtrace is of another one.
  if (!where || loop_.busy_since() != turn) return;
  reported_turn_ = turn;
  next_report_ = next_report_ * 10;
  try {
    handlers_.on_blocked(Clock::now() - turn, *where);
  } catch (const std::bad_alloc&) {
    // Drops the warning where there is no memory for it.
    return;
  }
}

}  // namespace aiopyr

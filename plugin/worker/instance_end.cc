#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <fcntl.h>
#include <new>
#include <sys/mman.h>
#include <unistd.h>

#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/plugin/worker/instance_end.h>

namespace aiopyr::plugin {

namespace {

/// The answers of the master, in memory that it shares with its workers.
struct Said {
  std::atomic<bool> is_ending{false};
  std::atomic<std::uint32_t> answers{0};
};
static_assert(std::atomic<bool>::is_always_lock_free);
static_assert(std::atomic<std::uint32_t>::is_always_lock_free);

Said* said = nullptr;

/// The ends of a pipe through which workers ask. The kernel tells the master of a question by a
/// signal, which workers may have no right to send: they may run as other users.
int questions = -1;
int ask_fd = -1;

/// The signal of a question: a process without a handler ignores it.
constexpr int kSignal = SIGURG;

/// The number of answers when this worker asked.
std::uint32_t answers_before = 0;

void publish() noexcept {
  said->is_ending = uwsgi_instance_is_dying;
  ++said->answers;
}

extern "C" {

static void aiopyr_on_question(int) {
  const int saved = errno;
  std::array<char, 256> asked{};
  // Skips workers, which inherit this handler for a while.
  if (uwsgi.workers[0].pid == ::getpid()) {
    while (::read(questions, asked.data(), asked.size()) > 0) {
    }
    publish();
  }
  errno = saved;
}

}  // extern "C"

void await_questions() noexcept {
  struct sigaction action {};
  action.sa_handler = aiopyr_on_question;
  ::sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  ::sigaction(kSignal, &action, nullptr);
  ::fcntl(questions, F_SETOWN, ::getpid());
  ::fcntl(questions, F_SETSIG, kSignal);
  ::fcntl(questions, F_SETFL, O_NONBLOCK | O_ASYNC);
}

}  // namespace

void share_instance_end() noexcept {
  void* memory =
      ::mmap(nullptr, sizeof(Said), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  std::array<int, 2> ends{};
  if (memory == MAP_FAILED || ::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) return;
  questions = ends[0];
  ask_fd = ends[1];
  said = new (memory) Said;
}

void publish_instance_end() noexcept {
  if (said == nullptr) return;
  static const bool awaits [[maybe_unused]] = (await_questions(), true);
  publish();
}

void ask_for_instance_end() noexcept {
  if (said == nullptr) return;
  answers_before = said->answers;
  const char question = '?';
  static_cast<void>(!::write(ask_fd, &question, 1));
}

bool is_instance_end_answered() noexcept {
  return said != nullptr && said->answers != answers_before;
}

bool instance_is_ending() noexcept { return said != nullptr && said->is_ending; }

}  // namespace aiopyr::plugin

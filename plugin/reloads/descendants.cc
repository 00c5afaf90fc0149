#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <ctime>
#include <fcntl.h>
#include <string_view>
#include <sys/prctl.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <aiopyr/plugin/reloads/descendants.h>

namespace aiopyr::plugin {

namespace {

/// The pauses between two looks, in nanoseconds. The children of a killed process become those of
/// this one, and are found at the next look. Each pause is twice as long as the one before, up to
/// the longest.
constexpr long kFirstPause = 1'000'000;
constexpr long kLongestPause = 500'000'000;

void pause_for(long nanoseconds) noexcept {
  const timespec time{0, nanoseconds};
  ::nanosleep(&time, nullptr);
}

/// Kills the processes of a list in the format of /proc: numbers, each followed by a space. A
/// number that is cut off at the end is left for the next look.
void kill_listed(std::string_view list) noexcept {
  pid_t pid = 0;
  for (const char character : list) {
    if (character >= '0' && character <= '9') {
      pid = pid * 10 + (character - '0');
      continue;
    }
    if (pid > 0) ::kill(pid, SIGKILL);
    pid = 0;
  }
}

void kill_children() noexcept {
  const int fd = ::open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  std::array<char, 4096> list{};
  const ssize_t count = ::read(fd, list.data(), list.size());
  ::close(fd);
  if (count > 0) kill_listed({list.data(), static_cast<std::size_t>(count)});
}

/// Reaps the children that have died. Returns whether others are left.
bool bury_the_dead() noexcept {
  pid_t dead = 0;
  do {
    dead = ::waitpid(-1, nullptr, WNOHANG);
  } while (dead > 0);
  return dead == 0 || errno != ECHILD;
}

bool can_list_children() noexcept { return ::access("/proc/thread-self/children", R_OK) == 0; }

}  // namespace

void adopt_descendants() noexcept { ::prctl(PR_SET_CHILD_SUBREAPER, 1); }

void end_descendants() noexcept {
  if (!can_list_children()) return;
  kill_children();
  for (long pause = kFirstPause; bury_the_dead(); pause = std::min(2 * pause, kLongestPause)) {
    pause_for(pause);
    kill_children();
  }
}

}  // namespace aiopyr::plugin

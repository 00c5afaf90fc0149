#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <string_view>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <aiopyr/plugin/reloads/descendants.h>
#include <aiopyr/plugin/reloads/supervisor.h>
#include <aiopyr/plugin/reloads/trial_report.h>

namespace aiopyr::plugin {

namespace {

/// The interval at which the supervisor checks whether the program has ended.
constexpr int kLookMilliseconds = 20;

constexpr int kCannotRun = 127;

/// Undoes what a process inherits of its parent's handling of signals.
void reset_signals() noexcept {
  for (int signal = 1; signal < NSIG; ++signal) std::signal(signal, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

void close_from(int fd) noexcept { static_cast<void>(::close_range(fd, ~0U, 0)); }

/// Closes all descriptors but the standard ones and `fd`. Returns the new number of `fd`.
int keep_only(int fd) noexcept {
  constexpr int kPlace = STDERR_FILENO + 1;
  if (fd != kPlace) ::dup2(fd, kPlace);
  close_from(kPlace + 1);
  ::fcntl(kPlace, F_SETFD, FD_CLOEXEC);
  return kPlace;
}

void say(const char* text) noexcept {
  static_cast<void>(!::write(STDERR_FILENO, text, std::strlen(text)));
}

[[noreturn]] void run(const SupervisedProgram& program, int output) noexcept {
  ::setpgid(0, 0);
  // Makes the program end with its supervisor, however that ends.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int nothing = ::open("/dev/null", O_RDONLY);
  if (nothing >= 0) ::dup2(nothing, STDIN_FILENO);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  close_from(STDERR_FILENO + 1);
  if (program.folder == nullptr || ::chdir(program.folder) == 0) {
    ::execvpe(program.path, program.arguments, program.environment);
  }
  say(program.path);
  say(" cannot be run: ");
  say(::strerrordesc_np(errno));
  ::_exit(kCannotRun);
}

class Supervisor {
 public:
  Supervisor(pid_t child, int output, int report_fd) noexcept
      : child_(child), output_(output), report_fd_(report_fd) {}

  [[noreturn]] void watch(TimePoint until) noexcept {
    while (Clock::now() < until) {
      wait();
      siginfo_t ended{};
      // Leaves it a zombie: so no other process gets its number, which is also that of its group.
      const bool is_known =
          ::waitid(P_PID, static_cast<id_t>(child_), &ended, WEXITED | WNOHANG | WNOWAIT) == 0;
      if (is_known && ended.si_pid == child_) tell_end(ended);
    }
    kill_program();
    read_rest();
    tell(TrialReport::End::kTimeIsOver, 0);
    leave();
  }

  void tell(TrialReport::End end, int value) noexcept {
    report_.end = end;
    report_.value = value;
    static_cast<void>(!::write(report_fd_, &report_, sizeof report_));
    ::close(report_fd_);
  }

 private:
  /// Waits for output, for a short time at most. Ends this process if nobody can read the report
  /// any more.
  void wait() noexcept {
    std::array<pollfd, 2> watched{{{output_, POLLIN, 0}, {report_fd_, 0, 0}}};
    ::poll(watched.data(), watched.size(), kLookMilliseconds);
    if ((watched[1].revents & POLLERR) != 0) {
      kill_program();
      leave();
    }
    if (watched[0].revents != 0 && read_some() <= 0) output_ = -1;
  }

  ssize_t read_some() noexcept {
    std::array<char, 4096> bytes{};
    const ssize_t count = ::read(output_, bytes.data(), bytes.size());
    if (count > 0) report_.append({bytes.data(), static_cast<std::size_t>(count)});
    return count;
  }

  [[noreturn]] void tell_end(const siginfo_t& ended) noexcept {
    kill_program();  // its group, with what it has started
    read_rest();
    const bool was_killed = ended.si_code != CLD_EXITED;
    tell(was_killed ? TrialReport::End::kKilled : TrialReport::End::kExited, ended.si_status);
    leave();
  }

  /// Reads the output that has been written by now, and no more: processes that the program has
  /// started may write until they are dead, and keep the pipe open.
  void read_rest() noexcept {
    int left = 0;
    if (output_ < 0 || ::ioctl(output_, FIONREAD, &left) != 0) return;
    while (left > 0) {
      const ssize_t count = read_some();
      if (count <= 0) return;
      left -= static_cast<int>(count);
    }
  }

  void kill_program() noexcept { ::kill(-child_, SIGKILL); }

  /// Ends this process once all processes that it has started are dead. That may take any time: a
  /// process that waits for a disk or for NFS dies only after that.
  [[noreturn]] static void leave() noexcept {
    end_descendants();
    ::_exit(0);
  }

  pid_t child_;
  int output_;
  int report_fd_;
  TrialReport report_;
};

}  // namespace

void supervise(const SupervisedProgram& program, int report_fd, Duration limit) noexcept {
  const TimePoint until = Clock::now() + limit;
  ::setsid();
  adopt_descendants();
  reset_signals();
  std::signal(SIGPIPE, SIG_IGN);
  report_fd = keep_only(report_fd);
  std::array<int, 2> output{-1, -1};
  const pid_t child = ::pipe(output.data()) == 0 ? ::fork() : -1;
  if (child < 0) {
    Supervisor(0, -1, report_fd).tell(TrialReport::End::kNotStarted, errno);
    ::_exit(0);
  }
  if (child == 0) {
    std::signal(SIGPIPE, SIG_DFL);
    run(program, output[1]);
  }
  ::setpgid(child, child);  // in both processes: either may run first
  ::close(output[1]);
  Supervisor(child, output[0], report_fd).watch(until);
}

}  // namespace aiopyr::plugin

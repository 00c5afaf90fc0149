#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <aiopyr/plugin/reloads/supervisor.h>
#include <aiopyr/plugin/reloads/trial.h>
#include <aiopyr/plugin/reloads/trial_report.h>
#include <aiopyr/runtime/async/loop/signals_blocked.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr::plugin {

namespace {

/// Returns pointers to texts in the form that exec takes, with null at the end.
std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

[[noreturn]] void refuse(int error) {
  throw Error(std::string("no process can be started: ") + std::strerror(error));
}

/// Runs a function in a process whose parent ends at once, so that it is no child of this process.
/// Returns 0, or the error of a fork.
template <class Function>
int run_in_grandchild(Function function) noexcept {
  const aiopyr::detail::SignalsBlocked blocked;  // in the forked processes too: none runs a handler
  const pid_t child = ::fork();
  if (child < 0) return errno;
  if (child == 0) {
    const pid_t grandchild = ::fork();
    if (grandchild == 0) function();
    ::_exit(grandchild < 0 ? errno : 0);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : EAGAIN;
}

}  // namespace

Trial::Trial(const TrialCommand& command, Duration limit) {
  const auto arguments = pointers_to(command.arguments);
  const auto environment = pointers_to(command.environment);
  const SupervisedProgram program{command.program.c_str(), arguments.data(), environment.data(),
                                  command.folder.empty() ? nullptr : command.folder.c_str()};
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) refuse(errno);
  const int error = run_in_grandchild([&] { supervise(program, ends[1], limit); });
  ::close(ends[1]);
  fd_ = ends[0];
  if (error == 0) return;
  ::close(fd_);
  refuse(error);
}

Trial::~Trial() { ::close(fd_); }

std::optional<TrialResult> Trial::result() {
  TrialReport report;
  const ssize_t count = ::read(fd_, &report, sizeof report);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return std::nullopt;
  if (count != sizeof report) return TrialResult{false, "it has been killed"};
  std::string reason = reason_of(report);
  return TrialResult{reason.empty(), std::move(reason)};
}

}  // namespace aiopyr::plugin

#pragma once

#include <optional>
#include <string>
#include <vector>

#include <aiopyr/runtime/async/loop/duration.h>

namespace aiopyr::plugin {

/// The command that a Trial runs.
struct TrialCommand {
  std::string program;                   ///< searched in PATH where it has no slash
  std::vector<std::string> arguments;    ///< the first one is the program's name
  std::vector<std::string> environment;  ///< `NAME=value`, and nothing else
  std::string folder;                    ///< where it runs; empty for the current folder
};

struct TrialResult {
  bool has_passed = false;  ///< it has ended with 0
  std::string reason;       ///< otherwise: why, on one line
};

/// Runs a program to see whether it succeeds, while this process goes on. The program gets none of
/// this process's descriptors and no input, and its output is read for the reason of a failure. It
/// belongs to another session and is no child of this process: a terminal's Ctrl-C does not reach
/// it, and a waitpid() for any child does not return it. (As the first process of a container this
/// process is given all orphans, so also the supervisor of a trial that has ended.) The processes
/// that the program has started end with it, also those in a session of their own.
///
/// Used on one thread. Knows nothing of uWSGI.
class Trial {
 public:
  /// Starts the program. After `limit` it is killed, with all that it has started, and has failed,
  /// even if it is slow to die. Throws Error if no process can be started.
  Trial(const TrialCommand& command, Duration limit);
  /// Makes the supervisor kill the program soon, if it has not ended.
  ~Trial();
  Trial(const Trial&) = delete;
  Trial& operator=(const Trial&) = delete;

  /// Returns a descriptor that is readable once there is a result.
  [[nodiscard]] int fd() const noexcept { return fd_; }

  /// Returns the result; nullopt while the program runs. Never waits.
  [[nodiscard]] std::optional<TrialResult> result();

 private:
  int fd_ = -1;
};

}  // namespace aiopyr::plugin

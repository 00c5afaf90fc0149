#pragma once

#include <optional>
#include <string>
#include <vector>

#include <aiopyr/runtime/async/loop/duration.h>

namespace aiopyr::plugin {

/// What a Trial runs.
struct TrialCommand {
  std::string program;                   ///< searched in PATH where it has no slash
  std::vector<std::string> arguments;    ///< the first one is its own name
  std::vector<std::string> environment;  ///< `NAME=value`, and nothing else
  std::string folder;                    ///< where it runs; empty for the present folder
};

struct TrialResult {
  bool has_passed = false;  ///< it has ended with 0
  std::string reason;       ///< otherwise: why, on one line
};

/// A program that is run to see whether it succeeds, while this process goes on. It gets none of
/// this process's descriptors, reads nothing, and what it writes is read for the reason of its
/// failure. It belongs to another session, and is no child of this process: neither a terminal's
/// Ctrl-C nor a waitpid() for any child comes upon it. (As the first process of a container this
/// one is given all orphans: the process that watches a trial too, once that has ended.) What it
/// has started ends with it, also in a session of its own.
///
/// On one thread. Knows nothing of uWSGI.
class Trial {
 public:
  /// Starts it. After `limit` it is killed, with what it has started, and has failed, also where it
  /// is slow to die. Throws Error where there can be no process.
  Trial(const TrialCommand& command, Duration limit);
  /// Has it killed soon where it has not ended.
  ~Trial();
  Trial(const Trial&) = delete;
  Trial& operator=(const Trial&) = delete;

  /// Returns a descriptor that is readable once it has ended.
  [[nodiscard]] int fd() const noexcept { return fd_; }

  /// Returns how it has ended; nothing while it runs. Never waits.
  [[nodiscard]] std::optional<TrialResult> result();

 private:
  int fd_ = -1;
};

}  // namespace aiopyr::plugin

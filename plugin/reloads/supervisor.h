#pragma once

#include <aiopyr/runtime/async/loop/duration.h>

namespace aiopyr::plugin {

/// The program that a supervisor runs, in the form that exec takes.
struct SupervisedProgram {
  const char* path;
  char* const* arguments;
  char* const* environment;
  const char* folder;  ///< null for the current one
};

/// Runs a program, waits for its end or for `limit`, and writes a TrialReport to `report_fd`. Then,
/// or as soon as nobody can read that descriptor any more, kills the program and every process that
/// it has started. Ends this process when they are dead.
///
/// Called in a process that was just forked, with all signals blocked. Other threads may have held
/// any lock at the fork, so this calls only functions that are allowed in a signal handler (man 7
/// signal-safety).
[[noreturn]] void supervise(const SupervisedProgram& program, int report_fd,
                            Duration limit) noexcept;

}  // namespace aiopyr::plugin

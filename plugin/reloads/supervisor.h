#pragma once

#include <aiopyr/runtime/async/loop/duration.h>

namespace aiopyr::plugin {

/// What a supervisor runs, as exec takes it.
struct SupervisedProgram {
  const char* path;
  char* const* arguments;
  char* const* environment;
  const char* folder;  ///< null for the present one
};

/// Runs a program, waits for its end or for `limit`, and writes a TrialReport to `report_fd`. Kills
/// the program then, and where nobody reads that descriptor any more; with it all that it has
/// started. Ends the process when they are dead.
///
/// In a process that was just forked, with all signals blocked: the others of its threads may have
/// held any lock, so all that it calls may be called in a signal handler (man 7 signal-safety).
[[noreturn]] void supervise(const SupervisedProgram& program, int report_fd,
                            Duration limit) noexcept;

}  // namespace aiopyr::plugin

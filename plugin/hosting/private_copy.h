#pragma once

#include <string>

namespace aiopyr::plugin {

/// Returns a name by which dlopen() loads the shared object at `path` (an absolute one) from a copy
/// in memory, which is made once for each path and kept to the end of the process: a file that is
/// written over, as `cp new.so app.so` does, would change the code that runs. Backtraces name the
/// copy by its file (runtime/base/backtrace.h). Returns `path` where no copy can be had, or where
/// the library looks for others beside itself ($ORIGIN).
///
/// While apps are loaded, on one thread.
const std::string& name_of_private_copy(const std::string& path);

/// Has name_of_private_copy() return `path` itself from here on: the library does not load from
/// elsewhere.
void give_up_private_copy(const std::string& path);

}  // namespace aiopyr::plugin

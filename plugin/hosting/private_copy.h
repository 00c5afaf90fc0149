#pragma once

#include <string>

namespace aiopyr::plugin {

/// Returns a name by which dlopen() loads the shared object at `path` (an absolute one) from a copy
/// in memory. The copy is made once for each path and kept to the end of the process: if a file is
/// overwritten, as by `cp new.so app.so`, the running code would change. Backtraces show the file's
/// name (runtime/base/backtrace.h). Returns `path` if no copy can be made, or if the library
/// searches its own folder for others ($ORIGIN).
///
/// Called while apps are loaded, on one thread.
const std::string& name_of_private_copy(const std::string& path);

/// Makes name_of_private_copy() return `path` itself from now on: the library cannot be loaded from
/// a copy.
void give_up_private_copy(const std::string& path);

}  // namespace aiopyr::plugin

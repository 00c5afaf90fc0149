#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

/// The spooler: jobs as files in a folder (`spooler = DIR`), done one after another by a process of
/// its own. They survive a crash and a restart. That process has no loop; a job may block.
namespace aiopyr::uwsgi {

/// A job, as its function gets it.
struct SpoolTask {
  std::string name;                         ///< name of its file, within the spooler's folder
  std::map<std::string, std::string> vars;  ///< the vars of spool()
  std::string body;
};

/// The result of a job: done, to be tried again later, or left for another plugin.
enum class SpoolResult { kOk = -2, kRetry = -1, kIgnore = 0 };

using SpoolFunction = std::function<SpoolResult(const SpoolTask&)>;

struct SpoolOptions {
  std::string body{};             ///< of any size, unlike the vars
  std::string spooler{};          ///< the folder of one of several spoolers; empty for the first
  std::optional<int> priority{};  ///< lower ones come first, if `spooler-ordered` is on
  /// The time before which it does not run, to the second.
  std::optional<std::chrono::system_clock::time_point> at{};
};

/// Calls `function` in the spooler for the jobs of this name, including those of Python with
/// uwsgidecorators. Its exceptions are logged, and the job is tried again (`spooler-frequency`).
/// Called when the app is configured, in the master. Throws ConfigurationError if the name is
/// taken.
void spooler(std::string name, SpoolFunction function);

/// Queues a job for the function `name`, and returns its file. `vars` must fit in 64 KiB; the names
/// `spooler`, `priority`, `at` and `ud_spool_func` are uWSGI's own. Writes a file: on the loop's
/// thread that is acceptable for small ones, otherwise use run_in_executor. Any thread of any
/// process.
///
/// Throws Error if there is no spooler, KeyError if there is none with that folder, Error if the
/// vars are too long or the file cannot be written (uWSGI's log says why).
std::string spool(std::string_view name, const std::map<std::string, std::string>& vars = {},
                  const SpoolOptions& options = {});

}  // namespace aiopyr::uwsgi

#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

/// The spooler: jobs as files in a folder (`spooler = DIR`), done by a process of its own, one
/// after another. They survive a crash and a restart. That process has no loop; a job may block.
namespace aiopyr::uwsgi {

/// A job as its function gets it.
struct SpoolTask {
  std::string name;                         ///< of its file, within the spooler's folder
  std::map<std::string, std::string> vars;  ///< what spool() was given
  std::string body;
};

/// What is to become of a job: done with, tried again later, or left for another plugin.
enum class SpoolResult { kOk = -2, kRetry = -1, kIgnore = 0 };

using SpoolFunction = std::function<SpoolResult(const SpoolTask&)>;

struct SpoolOptions {
  std::string body{};             ///< of any size, unlike the vars
  std::string spooler{};          ///< the folder of one of several spoolers; empty for the first
  std::optional<int> priority{};  ///< lower ones come first, where `spooler-ordered` is on
  /// Not before this time, to the second.
  std::optional<std::chrono::system_clock::time_point> at{};
};

/// Has `function` called in the spooler for the jobs that are spooled by this name, Python's with
/// uwsgidecorators too. What it throws is logged, and the job is tried again (`spooler-frequency`).
/// When the app is configured, in the master. Throws ConfigurationError where the name is taken.
void spooler(std::string name, SpoolFunction function);

/// Queues a job for the function `name`, and returns its file. `vars` must fit in 64 KiB; the names
/// `spooler`, `priority`, `at` and `ud_spool_func` are uWSGI's own. Writes a file: from the loop's
/// thread that is fine for small ones, else use run_in_executor. Any thread of any process.
///
/// Throws Error where there is no spooler, KeyError where there is none of that folder, Error where
/// the vars are too long or the file cannot be written (uWSGI's log says why).
std::string spool(std::string_view name, const std::map<std::string, std::string>& vars = {},
                  const SpoolOptions& options = {});

}  // namespace aiopyr::uwsgi

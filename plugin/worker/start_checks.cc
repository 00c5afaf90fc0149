#include <cstddef>
#include <filesystem>
#include <string>
#include <system_error>

#include <aiopyr/plugin/io/temporary_file.h>
#include <aiopyr/plugin/server/log.h>
#include <aiopyr/plugin/server/options.h>
#include <aiopyr/plugin/server/server_state.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/plugin/worker/start_checks.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr::plugin {

namespace {

void require_temporary_folder() {
  const std::string& folder = options().temp_folder;
  std::error_code ignored;
  if (!folder.empty() && !std::filesystem::is_directory(folder, ignored)) {
    fail_start("aiopyr-temp-folder = " + folder + ": there is no such folder");
  }
}

void warn_of_slow_cores() {
  if (options().slow_cores < static_cast<std::size_t>(uwsgi.async)) return;
  log_line("aiopyr-slow-cores = " + std::to_string(options().slow_cores) +
           ": slow clients may hold every core, as there are " + std::to_string(uwsgi.async) +
           " (aiopyr, async): choose less");
}

}  // namespace

void report_temporary_folder(const ConnectionLimits& limits) {
  // One worker tells for all. With aiopyr-temp-bytes = 0 there are no files.
  if (uwsgi.mywid != 1 || limits.temp_bytes == 0) return;
  try {
    TemporaryFile(limits.temp_folder).append("x");
  } catch (const Error& error) {
    log_line(std::string(error.what()) +
             ": responses to slow clients will hold memory and cores; set aiopyr-temp-folder");
  }
}

void require_able_workers() {
  if (!runs_our_loop() || (uwsgi.no_server && !options().check)) return;
  if (uwsgi.async < 2) {
    fail_start("the aiopyr loop engine needs cores: set aiopyr = N (or async = N), 2 or more");
  }
  if (uwsgi.threads > 1) {
    fail_start(
        "the aiopyr loop engine runs on one thread: remove threads; plain views get theirs "
        "from aiopyr-executor-threads");
  }
  require_temporary_folder();
  warn_of_slow_cores();
  // uWSGI lowers their number to what is left beside the master.
  if (uwsgi.numproc < 1 && uwsgi.sockets != nullptr) {
    fail_start(
        "there is no worker to serve: the limit of processes (limit-nproc) leaves none, or "
        "processes is 0");
  }
}

}  // namespace aiopyr::plugin

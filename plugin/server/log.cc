#include <aiopyr/plugin/server/log.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/runtime/base/one_line.h>

namespace aiopyr::plugin {

void log_line(std::string_view message) noexcept {
  try {
    uwsgi_log("[aiopyr] %s\n", one_line(message).c_str());
  } catch (...) {
    uwsgi_log("[aiopyr] a message is lost: out of memory\n");
  }
}

void fail_start(std::string_view message) noexcept {
  log_line(message);
  // Skips the cleanup of plugins: Python's would abort in the middle of its apps' start, with
  // another exit code.
  uwsgi.skip_atexit_teardown = 1;
  uwsgi_exit(UWSGI_FAILED_APP_CODE);
  std::abort();
}

}  // namespace aiopyr::plugin

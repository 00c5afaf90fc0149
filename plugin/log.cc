#include <algorithm>
#include <string>

#include <aiopyr/plugin/log.h>
#include <aiopyr/plugin/uwsgi_api.h>

namespace aiopyr::plugin {

namespace {

std::string on_one_line(std::string_view message) {
  std::string line;
  line.reserve(message.size());
  for (const char c : message) {
    if (c == '\n') {
      line += "\\n";
    } else {
      line += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    }
  }
  return line;
}

}  // namespace

void log_line(std::string_view message) noexcept {
  try {
    uwsgi_log("[aiopyr] %s\n", on_one_line(message).c_str());
  } catch (...) {
    uwsgi_log("[aiopyr] a message is lost: out of memory\n");
  }
}

void fail_start(std::string_view message) noexcept {
  log_line(message);
  uwsgi_exit(UWSGI_FAILED_APP_CODE);
  std::abort();
}

}  // namespace aiopyr::plugin

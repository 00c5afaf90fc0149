#pragma once

#include <string_view>

namespace aiopyr::plugin {

/// Writes one line to uWSGI's log, beginning with `[aiopyr]`. Line ends inside `message` are
/// written as `\n`, so that no message can forge a line. Any thread.
void log_line(std::string_view message) noexcept;

/// Logs why the instance cannot start, and ends this process with the code that makes uWSGI's
/// master give up instead of trying again.
[[noreturn]] void fail_start(std::string_view message) noexcept;

}  // namespace aiopyr::plugin

#pragma once

#include <exception>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <aiopyr/runtime/base/backtrace.h>

namespace aiopyr::plugin {

/// An exception that an app let through, in words: for the log and for uWSGI's exception handlers,
/// never for a client. Any thread.
struct Failure {
  std::string type;     ///< as it is written in the source: `shop::OutOfStock`
  std::string message;  ///< its what(), or empty where it has none
  std::string repr;     ///< `type: message`, as in the log
  /// From where it was thrown outward, without our own plumbing; empty where unknown.
  std::vector<CodePlace> stack;
};

Failure describe_failure(const std::exception_ptr& error);

/// Logs `where: type: message`, and below it a line for each function on the stack. Of those that
/// are the same, wherever they come from, the first few are written, and the others counted
/// (RepeatedFailures): log_counted_failures() tells their number.
void log_failure(std::string_view where, const Failure& failure) noexcept;

/// Logs how many were counted in times that are over, or up to now. Returns whether there are
/// more to be told later.
enum class Counted { kWhoseTimeIsOver, kUpToNow };
bool log_counted_failures(Counted which) noexcept;

/// Has `listener` called, by the one that logs, whenever a failure is counted.
void set_counted_failure_listener(std::function<void()> listener);

/// Logs an exception that is of no further interest, as log_failure() does.
void log_exception(std::string_view where, const std::exception_ptr& error) noexcept;

}  // namespace aiopyr::plugin

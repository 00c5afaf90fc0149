#pragma once

#include <exception>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <aiopyr/runtime/base/backtrace.h>

namespace aiopyr::plugin {

/// Describes an exception that an app let through: for the log and for uWSGI's exception handlers,
/// never for a client. Any thread.
struct Failure {
  std::string type;     ///< in the form of the source: `shop::OutOfStock`
  std::string message;  ///< its what(); empty if it has none
  std::string repr;     ///< `type: message`, as in the log
  /// The stack at the throw, innermost first, without our internal functions; empty if unknown.
  std::vector<CodePlace> stack;
};

Failure describe_failure(const std::exception_ptr& error);

/// Logs `where: type: message`, and below it a line for each function on the stack. Of equal
/// failures, wherever they come from, the first few are written and the others counted
/// (RepeatedFailures); log_counted_failures() logs their number.
void log_failure(std::string_view where, const Failure& failure) noexcept;

/// Logs the numbers of counted failures: of periods that have ended, or up to now. Returns whether
/// more are left to be logged later.
enum class Counted { kWhoseTimeIsOver, kUpToNow };
bool log_counted_failures(Counted which) noexcept;

/// Logs how many failures were counted and not logged, all kinds together: for a signal handler
/// that ends the process.
void tell_untold_number() noexcept;

/// Sets a listener, called by the logging code, whenever a failure is counted. Without one, in a
/// mule or a spooler, a thread logs the numbers some time later, and so does the end of the
/// process.
void set_counted_failure_listener(std::function<void()> listener);

/// Logs an exception as log_failure() does, for callers that do not need its description.
void log_exception(std::string_view where, const std::exception_ptr& error) noexcept;

/// Logs an exception that no code has caught. A file that was shortened is no fault of the code, so
/// that is one line without a stack: the file's name says more.
void log_uncaught(std::string_view where, const std::exception_ptr& error);

}  // namespace aiopyr::plugin

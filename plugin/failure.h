#pragma once

#include <exception>
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

/// Logs `where: type: message`, and below it a line for each function on the stack.
void log_failure(std::string_view where, const Failure& failure) noexcept;

/// The same for an exception that is of no further interest.
void log_exception(std::string_view where, const std::exception_ptr& error) noexcept;

}  // namespace aiopyr::plugin

#pragma once

#include <exception>
#include <optional>
#include <string>
#include <utility>

#include <aiopyr/runtime/web/http/response.h>

namespace aiopyr {

class Request;

namespace detail {

/// The answer to the client and the log for an exception that no view has answered.
struct ExceptionAnswer {
  enum class Log {
    kNothing,
    kReason,   ///< one line with `reason`
    kFailure,  ///< all that is known: type, message, place of the throw
  };

  Response response;
  Log log = Log::kNothing;
  std::string reason{};
};

/// Maps an exception that neither a view nor an exception view has handled. The only place that
/// assigns an answer to each type; used by the router and by the callers of an app.
///
///   HttpException        itself; nothing is logged
///   ExecutorFullError    503 with Retry-After; the reason is logged, with the setting to raise
///   PoolExhaustedError   503 with Retry-After; the reason is logged: a client's pool is busy
///   ConnectError         the same: a server that the app asks is away
///   TimeoutError         504; the reason is logged
///   ClientTimeoutError   the same
///   FileShortenedError   500; the reason is logged, which names the file
///   ClientDisconnected   no answer: the client is gone
///   any other            500 that tells nothing of it; logged as a failure
[[nodiscard]] std::optional<ExceptionAnswer> answer_to(const std::exception& error);

/// Maps the exception that is being handled in the same way. CancelledError has no answer either;
/// other types that are not a std::exception are failures. Requires: one is being handled.
[[nodiscard]] std::optional<ExceptionAnswer> answer_to_current_exception();

/// Logs an answer's exception as `log` says, with the request's route or path and its id. Requires:
/// the exception is being handled.
void log_answered(Request& request, const ExceptionAnswer& answer);

/// Returns a 503 that asks the client to try again in a second.
[[nodiscard]] Response busy_response();

}  // namespace detail
}  // namespace aiopyr

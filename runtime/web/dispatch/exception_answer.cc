#include <string>

#include <aiopyr/runtime/base/client_errors.h>
#include <aiopyr/runtime/base/describe.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/base/one_line.h>
#include <aiopyr/runtime/web/dispatch/exception_answer.h>
#include <aiopyr/runtime/web/http/file_body.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/runtime/web/registry/registry.h>
#include <aiopyr/runtime/web/request/request.h>

namespace aiopyr::detail {

namespace {

using Log = ExceptionAnswer::Log;

ExceptionAnswer failure() { return {HTTPInternalServerError(), Log::kFailure}; }

std::string describe_place(Request& request) {
  std::string place = request.matched_route().empty()
                          ? std::string(request.method()) + " " + request.path_qs()
                          : "route '" + request.matched_route() + "'";
  if (request.has_id()) place += " [" + request.id() + "]";
  return place;
}

void log_failure(Request& request) {
  const auto error = std::current_exception();
  const std::string place = describe_place(request);
  if (request.environ().report_exception(place, error)) return;
  request.registry().log(LogLevel::kError, one_line(place + ": " + describe(error)));
}

}  // namespace

std::optional<ExceptionAnswer> answer_to(const std::exception& error) {
  if (const auto* http = dynamic_cast<const HttpException*>(&error)) return {{*http}};
  if (dynamic_cast<const ClientDisconnected*>(&error) != nullptr) return std::nullopt;
  if (dynamic_cast<const ExecutorFullError*>(&error) != nullptr) {
    return {{busy_response(), Log::kReason, error.what()}};
  }
  if (dynamic_cast<const PoolExhaustedError*>(&error) != nullptr ||
      dynamic_cast<const ConnectError*>(&error) != nullptr) {
    return {{busy_response(), Log::kReason, error.what()}};
  }
  if (dynamic_cast<const FileShortenedError*>(&error) != nullptr) {
    return {{HTTPInternalServerError(), Log::kReason, error.what()}};
  }
  if (dynamic_cast<const TimeoutError*>(&error) != nullptr ||
      dynamic_cast<const ClientTimeoutError*>(&error) != nullptr) {
    return {{HTTPGatewayTimeout(), Log::kReason, error.what()}};
  }
  return failure();
}

std::optional<ExceptionAnswer> answer_to_current_exception() {
  try {
    throw;
  } catch (const std::exception& error) {
    return answer_to(error);
  } catch (const CancelledError&) {
    return std::nullopt;
  } catch (...) {
    return failure();
  }
}

void log_answered(Request& request, const ExceptionAnswer& answer) {
  switch (answer.log) {
    case Log::kNothing:
      return;
    case Log::kReason:
      request.registry().log(LogLevel::kWarning,
                             one_line(describe_place(request) + ": " + answer.reason));
      return;
    case Log::kFailure:
      log_failure(request);
  }
}

Response busy_response() {
  HTTPServiceUnavailable response("The server is busy. Please try again.");
  response.headers().set("Retry-After", "1");
  return response;
}

}  // namespace aiopyr::detail

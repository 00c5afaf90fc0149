#include <exception>
#include <utility>

#include <aiopyr/runtime/web/dispatch/exception_answer.h>
#include <aiopyr/runtime/web/dispatch/ready_response.h>
#include <aiopyr/runtime/web/request/environ.h>
#include <aiopyr/runtime/web/request/request.h>
#include <aiopyr/runtime/web/request/request_id.h>

namespace aiopyr::detail {

namespace {

void drop_body_for_head(Response& response, std::string_view method) {
  if (method == "HEAD") response.set_body({});
}

/// Returns whether make_ready() has been called, or need not be. A response whose status allows no
/// body has no length then, but a second call does it no harm.
bool is_ready(const Response& response) noexcept {
  return response.headers().contains("Content-Length");
}

Response ask_or_answer(const Handler& app, Request& request) {
  try {
    return app(request);
  } catch (const std::exception& error) {
    auto answer = answer_to(error);
    if (!answer) throw;
    log_answered(request, *answer);
    return std::move(answer->response);
  }
}

}  // namespace

void make_ready(Response& response, Request& request) {
  response.prepare(request);
  if (request.has_id() && !response.headers().contains(kRequestIdHeader)) {
    response.headers().set(kRequestIdHeader, request.id());
  }
  drop_body_for_head(response, request.method());
}

void make_ready(Response& response, const Environ& environ) {
  const std::string_view method = environ.get("REQUEST_METHOD");
  response.prepare(environ.get("HTTP_ACCEPT"), method);
  drop_body_for_head(response, method);
}

Response ask_app(const Handler& app, Request& request) {
  Response response = ask_or_answer(app, request);
  if (!is_ready(response)) make_ready(response, request);
  return response;
}

}  // namespace aiopyr::detail

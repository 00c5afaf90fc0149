#include <exception>
#include <string>
#include <utility>

#include <aiopyr/plugin/failures/exception_hooks.h>
#include <aiopyr/plugin/failures/failure.h>
#include <aiopyr/plugin/hosting/app_call.h>
#include <aiopyr/plugin/hosting/app_loader.h>
#include <aiopyr/plugin/hosting/response_sender.h>
#include <aiopyr/plugin/hosting/serve_request.h>
#include <aiopyr/plugin/request/body_rules.h>
#include <aiopyr/plugin/request/proxied_head.h>
#include <aiopyr/plugin/request/refusal.h>
#include <aiopyr/plugin/request/served_request.h>
#include <aiopyr/plugin/request/unserved.h>
#include <aiopyr/plugin/request/uwsgi_environ.h>
#include <aiopyr/plugin/server/log.h>
#include <aiopyr/plugin/server/modifier.h>
#include <aiopyr/plugin/server/socket_traits.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/runtime/base/describe.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/dispatch/exception_answer.h>
#include <aiopyr/runtime/web/dispatch/ready_response.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/websocket/session/errors.h>

namespace aiopyr::plugin {

namespace {

using Log = aiopyr::detail::ExceptionAnswer::Log;

/// Returns the app for a request, or null: by uWSGI's lookup, then the default app if it is one of
/// ours.
uwsgi_app* find_app(wsgi_request& request) noexcept {
  request.app_id = uwsgi_get_app_id(&request, request.appid, request.appid_len, kModifier1);
  if (request.app_id == -1 && !uwsgi.no_default_app && uwsgi.default_app > -1 &&
      uwsgi_apps[uwsgi.default_app].modifier1 == kModifier1 &&
      uwsgi_apps[uwsgi.default_app].mountpoint_len == 0) {
    request.app_id = uwsgi.default_app;
  }
  return request.app_id == -1 ? nullptr : &uwsgi_apps[request.app_id];
}

bool is_head(const UwsgiEnviron& environ) { return environ.get("REQUEST_METHOD") == "HEAD"; }

void send_error(wsgi_request& request, UwsgiEnviron& environ, Response error) {
  aiopyr::detail::make_ready(error, environ);
  send_response(request, environ, std::move(error), is_head(environ));
}

bool answer_has_begun(const wsgi_request& request) noexcept {
  return request.headers_sent != 0 || request.headers_size > 0;
}

/// Answers with `error` unless an answer has begun.
void try_to_send(wsgi_request& request, UwsgiEnviron& environ, Response error) noexcept {
  if (answer_has_begun(request)) return;
  try {
    send_error(request, environ, std::move(error));
  } catch (...) {
    log_line("not answered: " + describe(std::current_exception()));
  }
}

/// Sets the status in the log for a request whose client has gone before it was answered: nginx's.
void note_client_gone(wsgi_request& request) noexcept {
  constexpr int kClientClosedRequest = 499;
  if (!request.headers_sent) request.status = kClientClosedRequest;
}

std::string request_line(const UwsgiEnviron& environ) {
  std::string line(environ.get("REQUEST_METHOD"));
  line.append(" ").append(environ.get("REQUEST_URI"));
  const RequestNotes* notes = notes_of(*uwsgi.wsgi_req);
  if (notes != nullptr && !notes->id.empty()) line += " [" + notes->id + "]";
  return line;
}

/// Answers as `catch-exceptions` requires, for developers. Returns false if that is off, or an
/// answer has begun.
bool show_failure(wsgi_request& request, const UwsgiEnviron& environ) noexcept {
  if (answer_has_begun(request) || environ.failure() == nullptr || is_head(environ)) return false;
  return show_exception(request, *environ.failure());
}

void answer(wsgi_request& request, UwsgiEnviron& environ, const HostedApp& app) {
  RequestLimits limits;
  limits.body = most_body();
  Request web_request(environ, *app.application.registry, limits);
  Response response = call_app(app, web_request);
  // A native websocket has had its 101 and its end on this fiber: nothing is left to send.
  if (request.headers_sent) return;
  if (response.status_code() == 500 && show_failure(request, environ)) return;
  // The new owner of the stream would read the body as the bytes after the 101.
  if (response.on_upgrade && environ.has_unread_body()) {
    throw HTTPBadRequest("A request for another protocol has a body.");
  }
  send_response(request, environ, std::move(response), is_head(environ));
}

/// Answers a request that a proxy should not have passed on. Returns whether it was one.
bool is_refused(wsgi_request& request, UwsgiEnviron& environ) {
  if (traits_of(*request.socket).is_http) return false;
  const HeadError fault = find_fault_of_proxied(environ);
  if (fault == HeadError::kNone) return false;
  send_error(request, environ, answer_to(fault));
  return true;
}

void log_unanswered(const UwsgiEnviron& environ, const WebsocketClosed& closed) {
  const std::string line = request_line(environ) + ": WebsocketClosed";
  if (!closed.cause()) return log_line(line);
  log_exception(line + ", because of", closed.cause());
}

/// Logs an exception without an answer. The client sees nothing of it, unless the operator has
/// enabled that.
void report_failure(UwsgiEnviron& environ, const std::exception_ptr& error) {
  if (!environ.report_exception(request_line(environ), error)) {
    log_line("an exception is not described: out of memory");
  }
}

/// Answers the exception that is being handled: one of the router, or one that came up while the
/// response was sent. `vanished` means that the client is gone.
void answer_failure(wsgi_request& request, UwsgiEnviron& environ, bool vanished) {
  try {
    throw;
  } catch (const WebsocketClosed& closed) {
    return log_unanswered(environ, closed);
  } catch (const CancelledError&) {
    if (vanished) note_client_gone(request);
    return;
  } catch (const ClientDisconnected&) {
    return note_client_gone(request);
  } catch (...) {
    auto answer = aiopyr::detail::answer_to_current_exception();
    if (!answer) return;
    if (answer->log == Log::kReason) log_line(request_line(environ) + ": " + answer->reason);
    if (answer->log == Log::kFailure) {
      report_failure(environ, std::current_exception());
      if (show_failure(request, environ)) return;
    }
    try_to_send(request, environ, std::move(answer->response));
  }
}

/// Ends a failed request. Never throws: if there is no memory for an answer, there is none.
void end_failed(wsgi_request& request, UwsgiEnviron& environ, bool vanished) noexcept {
  try {
    answer_failure(request, environ, vanished);
  } catch (...) {
    log_line("a failed request is not answered: out of memory");
  }
}

}  // namespace

int serve_request(wsgi_request* request) noexcept {
  if (RequestNotes* notes = notes_of(*request)) notes->begun = Clock::now();
  if (!is_to_be_served(*request)) return -1;
  UwsgiEnviron environ(*request);
  try {
    if (is_refused(*request, environ)) return UWSGI_OK;
    uwsgi_app* app = find_app(*request);
    if (app == nullptr) {
      log_line(request_line(environ) + ": no app is mounted there: set aiopyr-app or mount");
      send_error(*request, environ, HTTPNotFound());
      return UWSGI_OK;
    }
    app->requests++;
    answer(*request, environ, *static_cast<const HostedApp*>(app->callable));
  } catch (...) {
    const bool vanished = current_request().client.stop();
    end_failed(*request, environ, vanished);
  }
  return UWSGI_OK;
}

}  // namespace aiopyr::plugin

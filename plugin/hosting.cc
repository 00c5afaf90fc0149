#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <aiopyr/plugin/access_log.h>
#include <aiopyr/plugin/app_loader.h>
#include <aiopyr/plugin/bare_response.h>
#include <aiopyr/plugin/exception_hooks.h>
#include <aiopyr/plugin/failure.h>
#include <aiopyr/plugin/hosting.h>
#include <aiopyr/plugin/log.h>
#include <aiopyr/plugin/options.h>
#include <aiopyr/plugin/request_fiber.h>
#include <aiopyr/plugin/response_sender.h>
#include <aiopyr/plugin/server_state.h>
#include <aiopyr/plugin/shared_counters.h>
#include <aiopyr/plugin/socket_protocol.h>
#include <aiopyr/plugin/uwsgi_api.h>
#include <aiopyr/plugin/uwsgi_environ.h>
#include <aiopyr/runtime/async/fiber.h>
#include <aiopyr/runtime/base/describe.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/httpexceptions.h>
#include <aiopyr/runtime/web/introspection.h>
#include <aiopyr/runtime/web/request.h>
#include <aiopyr/runtime/web/response.h>
#include <aiopyr/websocket/errors.h>

namespace aiopyr::plugin {

namespace {

/// The apps of this instance. Never destroyed: uWSGI may exit() at any moment, with requests
/// inside.
std::vector<std::unique_ptr<HostedApp>>& hosted_apps() {
  static auto* const kept = new std::vector<std::unique_ptr<HostedApp>>;
  return *kept;
}

/// The places in the metrics of an app's routes, in their order.
std::vector<std::size_t> rows_of_routes(const HostedApp& app) {
  std::vector<std::size_t> rows;
  for (const Route& route : app.application.registry->routes.routes()) {
    rows.push_back(row_of_route(app.mountpoint, route.name));
  }
  return rows;
}

/// Registers a configured app with uWSGI, which finds it by its mountpoint.
void register_app(std::unique_ptr<HostedApp> app) {
  const std::string& mountpoint = app->mountpoint;
  // "/" is "" to uWSGI's look-up by SCRIPT_NAME.
  const int length = mountpoint == "/" ? 0 : static_cast<int>(mountpoint.size());
  uwsgi_app* registered =
      uwsgi_add_app(uwsgi_apps_cnt, kModifier1, const_cast<char*>(mountpoint.c_str()), length,
                    nullptr, app.get());
  registered->started_at = uwsgi_now();
  registered->startup_time = 0;
  // Without it a request for /prefix/x has no SCRIPT_NAME, and only the default app is ever found.
  if (length > 0) uwsgi.manage_script_name = 1;
  app->row = row_of_route(mountpoint, {});
  app->route_rows = rows_of_routes(*app);
  hosted_apps().push_back(std::move(app));
}

/// A ConfigurationError was written for the operator, and needs no type in front.
std::string reason_of(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const ConfigurationError& e) {
    return e.what();
  } catch (...) {
    return describe(error);
  }
}

/// A request needs a fiber to run on, and a loop to wait in.
void require_loop_engine() {
  if (runs_our_loop()) return;
  throw ConfigurationError(
      "a hosted app needs the aiopyr loop engine: set aiopyr = N, the number of cores");
}

void load_and_register(const std::string& file, const std::string& mountpoint) noexcept {
  try {
    require_loop_engine();
    register_app(load_app(file, mountpoint));
  } catch (...) {
    fail_start(reason_of(std::current_exception()));
  }
}

/// The app for a request, or null: uWSGI's look-up, then the default app where it is one of ours.
uwsgi_app* find_app(wsgi_request& request) noexcept {
  request.app_id = uwsgi_get_app_id(&request, request.appid, request.appid_len, kModifier1);
  if (request.app_id == -1 && !uwsgi.no_default_app && uwsgi.default_app > -1 &&
      uwsgi_apps[uwsgi.default_app].modifier1 == kModifier1 &&
      uwsgi_apps[uwsgi.default_app].mountpoint_len == 0) {
    request.app_id = uwsgi.default_app;
  }
  return request.app_id == -1 ? nullptr : &uwsgi_apps[request.app_id];
}

void send_error(wsgi_request& request, UwsgiEnviron& environ, Response error) {
  error.prepare(environ.get("HTTP_ACCEPT"), environ.get("REQUEST_METHOD"));
  send_response(request, environ, std::move(error), environ.get("REQUEST_METHOD") == "HEAD");
}

/// Answers with `error` unless an answer has begun.
void try_to_send(wsgi_request& request, UwsgiEnviron& environ, const Response& error) noexcept {
  if (request.headers_sent || request.headers_size > 0) return;
  try {
    send_error(request, environ, error);
  } catch (...) {
    log_line("not answered: " + describe(std::current_exception()));
  }
}

/// What the log shows of a request whose client has gone before it was answered: nginx's status.
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

/// Notes what metrics and logs say of a request that the app answers, however that ends.
class AppCall {
 public:
  AppCall(RequestNotes& notes, const HostedApp& app, Request& request)
      : notes_(notes), app_(app), request_(request) {
    notes_.app = app.mountpoint;
    notes_.row = app.row;
    if (log_wants_request_id()) notes_.id = request.id();
  }
  ~AppCall() {
    notes_.app_time = Clock::now() - begun_;
    const Route* route = request_.route();
    if (route == nullptr) return;
    const auto& routes = request_.registry().routes.routes();
    notes_.route = route->name;
    notes_.row = app_.route_rows[static_cast<std::size_t>(route - routes.data())];
  }
  AppCall(const AppCall&) = delete;
  AppCall& operator=(const AppCall&) = delete;

 private:
  RequestNotes& notes_;
  const HostedApp& app_;
  Request& request_;
  TimePoint begun_ = Clock::now();
};

Response call_app(const HostedApp& app, Request& request) {
  const AppCall call(current_request_fiber().notes(), app, request);
  return app.application.handler(request);
}

/// What is thrown where a request's time is over, to be answered with 504.
class RequestTimedOut final : public TimeoutError {
 public:
  using TimeoutError::TimeoutError;
};

RequestTimedOut timed_out(const Request& request, double seconds) {
  std::ostringstream text;
  text << "not answered within " << seconds << " s";
  if (!request.matched_route().empty()) text << " (route " << request.matched_route() << ')';
  return RequestTimedOut(text.str());
}

/// What the app answers. A view that takes too long is cancelled; an app that catches that, and
/// answers, is late all the same.
Response ask_app(Request& request, const HostedApp& app) {
  RequestFiber& fiber = current_request_fiber();
  fiber.set_timeout(options().request_timeout);
  fiber.watch_client();
  const auto is_late = [&fiber] {
    fiber.lift_timeout();
    return fiber.deadline().is_over();
  };
  try {
    Response response = call_app(app, request);
    if (!is_late()) {
      // Writing notices by itself.
      fiber.forget_client();
      return response;
    }
  } catch (...) {
    if (!is_late()) throw;
  }
  Fiber::current()->uncancel();
  throw timed_out(request, fiber.deadline().seconds());
}

/// Answers as `catch-exceptions` wants it, for developers. Returns false where that is not on, or
/// an answer has begun.
bool show_failure(wsgi_request& request, const UwsgiEnviron& environ) noexcept {
  if (request.headers_sent || request.headers_size > 0) return false;
  if (environ.failure() == nullptr || environ.get("REQUEST_METHOD") == "HEAD") return false;
  return show_exception(request, *environ.failure());
}

void answer(wsgi_request& request, UwsgiEnviron& environ, const HostedApp& app) {
  RequestLimits limits;
  limits.body = options().max_body;
  Request web_request(environ, *app.application.registry, limits);
  Response response = ask_app(web_request, app);
  // A native websocket has had its 101 and its end on this fiber: nothing is left to send.
  if (request.headers_sent) return;
  if (response.status_code() == 500 && show_failure(request, environ)) return;
  const bool head_only = web_request.method() == "HEAD";
  // The router's own responses are ready; one that a middleware made around it may not be.
  if (!response.headers().contains("Content-Length")) response.prepare(web_request);
  send_response(request, environ, std::move(response), head_only);
}

/// An exception that is nobody's answer. Nothing of it is shown to the client, unless the operator
/// wants that.
void answer_exception(wsgi_request& request, UwsgiEnviron& environ,
                      const std::exception_ptr& error) {
  if (!environ.report_exception(request_line(environ), error)) {
    log_line("an exception is not described: out of memory");
  }
  if (show_failure(request, environ)) return;
  try_to_send(request, environ, HTTPInternalServerError());
}

/// What the app lets through.
void answer_failure(wsgi_request& request, UwsgiEnviron& environ, bool vanished) noexcept {
  try {
    throw;
  } catch (const CancelledError&) {
    if (vanished) note_client_gone(request);
  } catch (const ClientDisconnected&) {
    note_client_gone(request);
  } catch (const RequestTimedOut& late) {
    log_line(request_line(environ) + ": " + late.what());
    try_to_send(request, environ, HTTPGatewayTimeout());
  } catch (const ExecutorFullError& full) {
    log_line(request_line(environ) + ": " + full.what());
    try_to_send(request, environ, busy());
  } catch (const HttpException& error) {
    try_to_send(request, environ, error);
  } catch (const WebsocketClosed& closed) {
    const std::string line = request_line(environ) + ": WebsocketClosed";
    if (!closed.cause()) return log_line(line);
    log_exception(line + ", because of", closed.cause());
  } catch (...) {
    answer_exception(request, environ, std::current_exception());
  }
}

std::string listening_on() {
  std::string sockets;
  for (const uwsgi_socket* socket = uwsgi.sockets; socket != nullptr; socket = socket->next) {
    const std::string_view protocol = protocol_of(*socket);
    const std::string_view name = socket->name;
    if (!sockets.empty()) sockets += ", ";
    sockets += std::string(protocol) + "://" + (name.starts_with(':') ? "0.0.0.0" : "") +
               std::string(name);
  }
  return sockets.empty() ? "no socket" : sockets;
}

/// A line for each view, and for each route without: pattern, predicates, view and mapper.
void log_views(const Registry& registry) {
  std::vector<std::vector<std::string>> rows;
  for (const ViewInfo& view : list_views(registry)) {
    if (view.is_exception_view) continue;
    const std::string name = view.name.empty() ? "" : (view.route.empty() ? "" : " ") + view.name;
    rows.push_back({"  " + view.pattern + name, view.predicates, view.view, view.mapper});
  }
  for (const RouteInfo& route : list_routes(registry)) {
    if (route.view == kUnknownView) rows.push_back({"  " + route.pattern, "", "no view"});
  }
  for (const std::string& line : align_columns(rows)) log_line(line);
}

}  // namespace

void load_configured_app() noexcept {
  if (!options().app.empty()) load_and_register(options().app, "/");
}

int mount_app(char* mountpoint, char* file) noexcept {
  if (!is_hosted_app(file)) return -1;
  load_and_register(file, mountpoint);
  return 0;
}

std::vector<const HostedApp*> hosted_apps() {
  std::vector<const HostedApp*> apps;
  for (int i = 0; i < uwsgi_apps_cnt; ++i) {
    if (uwsgi_apps[i].modifier1 != kModifier1) continue;
    apps.push_back(static_cast<const HostedApp*>(uwsgi_apps[i].callable));
  }
  return apps;
}

void announce() noexcept {
  for (int i = 0; i < uwsgi_apps_cnt; ++i) {
    if (uwsgi_apps[i].modifier1 != kModifier1) continue;
    // uWSGI gives requests with modifier1 0 only to a default app's plugin; where all apps are
    // mounted below prefixes there is none, and one of ours has to stand for us (find_app knows
    // better).
    if (uwsgi.default_app == -1) uwsgi.default_app = i;
    if (uwsgi.mywid > 1) continue;
    const auto& app = *static_cast<const HostedApp*>(uwsgi_apps[i].callable);
    log_line(app.file + " serves " + app.mountpoint + " on " + listening_on());
    log_views(*app.application.registry);
  }
}

int serve_request(wsgi_request* request) noexcept {
  if (RequestNotes* notes = notes_of(*request)) notes->begun = Clock::now();
  // Also reads a body to be buffered, answers static files and the like: then there is no more to
  // do.
  if (uwsgi_parse_vars(request) != 0) return -1;
  UwsgiEnviron environ(*request);
  try {
    uwsgi_app* app = find_app(*request);
    if (app == nullptr) {
      log_line(request_line(environ) + ": no app is mounted there: set aiopyr-app or mount");
      send_error(*request, environ, HTTPNotFound());
      return UWSGI_OK;
    }
    app->requests++;
    answer(*request, environ, *static_cast<const HostedApp*>(app->callable));
  } catch (...) {
    const bool vanished = current_request_fiber().forget_client();
    answer_failure(*request, environ, vanished);
  }
  return UWSGI_OK;
}

}  // namespace aiopyr::plugin

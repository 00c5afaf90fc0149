#include <sstream>
#include <string>

#include <aiopyr/plugin/hosting/app_call.h>
#include <aiopyr/plugin/hosting/app_loader.h>
#include <aiopyr/plugin/request/access_log.h>
#include <aiopyr/plugin/request/served_request.h>
#include <aiopyr/plugin/server/options.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/runtime/async/fibers/fiber.h>
#include <aiopyr/runtime/web/dispatch/ready_response.h>
#include <aiopyr/runtime/web/registry/registry.h>
#include <aiopyr/runtime/web/request/request_context.h>

namespace aiopyr::plugin {

namespace {

/// Records the data for metrics and logs of a request that the app answers, however that ends.
class CallNotes {
 public:
  CallNotes(ServedRequest& served, const HostedApp& app, Request& request)
      : notes_(served.notes), app_(app), request_(request), context_(request) {
    context_.deadline = served.deadline.when();
    notes_.app = app.mountpoint;
    notes_.row = app.row;
    notes_.asked = &request;
    if (log_wants_request_id()) notes_.id = request.id();
  }
  ~CallNotes() {
    notes_.app_time = Clock::now() - begun_;
    notes_.asked = nullptr;
    const auto times = context_.client_times();
    notes_.client_times.assign(times.begin(), times.end());
    const Route* route = request_.route();
    if (route == nullptr) return;
    const auto& routes = request_.registry().routes.routes();
    notes_.route = route->name;
    notes_.row = app_.route_rows[static_cast<std::size_t>(route - routes.data())];
  }
  CallNotes(const CallNotes&) = delete;
  CallNotes& operator=(const CallNotes&) = delete;

 private:
  RequestNotes& notes_;
  const HostedApp& app_;
  Request& request_;
  aiopyr::detail::RequestContext context_;
  TimePoint begun_ = Clock::now();
};

Response call_and_note(const HostedApp& app, Request& request) {
  const CallNotes noted(current_request(), app, request);
  return detail::ask_app(app.application.handler, request);
}

RequestTimedOut timed_out(const Request& request, double seconds) {
  std::ostringstream text;
  text << "not answered within " << seconds << " s";
  if (!request.matched_route().empty()) text << " (route " << request.matched_route() << ')';
  return RequestTimedOut(text.str());
}

}  // namespace

Response call_app(const HostedApp& app, Request& request) {
  ServedRequest& served = current_request();
  served.deadline.set(options().request_timeout);
  served.client.start(served.request.fd);
  const auto is_late = [&served] {
    served.deadline.lift();
    return served.deadline.is_over();
  };
  try {
    Response response = call_and_note(app, request);
    if (!is_late()) {
      // Stops the watch: writing notices a vanished client by itself.
      static_cast<void>(served.client.stop());
      return response;
    }
  } catch (...) {
    if (!is_late()) throw;
  }
  Fiber::current()->uncancel();
  throw timed_out(request, served.deadline.seconds());
}

}  // namespace aiopyr::plugin

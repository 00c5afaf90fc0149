#include <exception>
#include <utility>

#include <aiopyr/runtime/base/describe.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/base/one_line.h>
#include <aiopyr/runtime/web/httpexceptions.h>
#include <aiopyr/runtime/web/request.h>
#include <aiopyr/runtime/web/router.h>
#include <aiopyr/runtime/web/traverser.h>

namespace aiopyr {

namespace {

/// The innermost handler: finds the view and calls it.
Response call_view_of(const Registry& registry, Request& request) {
  const Route* route = registry.routes.match(request);
  detail::traverse(registry, request);
  const std::string_view route_name = route != nullptr ? std::string_view(route->name) : "";
  const MultiView* view = registry.views.find(route_name, request.view_name());
  if (view == nullptr) throw HTTPNotFound(std::string(request.path_info()));
  return (*view)(request.context(), request);
}

/// The tween at EXCVIEW: to those over it an HTTP exception is a response like any other.
Handler exception_view_tween(Handler next, Registry&) {
  return [next = std::move(next)](Request& request) -> Response {
    try {
      return next(request);
    } catch (const HttpException& exception) {
      request.set_exception(std::current_exception());
      return exception;
    }
  };
}

Response ready_to_leave(Response response, const Request& request) {
  response.prepare(request);
  // The headers stay those of GET (RFC 9110 section 9.3.2).
  if (request.method() == "HEAD") response.set_body({});
  return response;
}

}  // namespace

Router::Router(std::shared_ptr<Registry> registry) : registry_(std::move(registry)) {
  // The chain belongs to this router, which keeps the registry.
  const Registry* app = registry_.get();
  chain_ = registry_->tweens.build([app](Request& request) { return call_view_of(*app, request); },
                                   exception_view_tween, *registry_);
}

Response Router::operator()(Request& request) const {
  Response response;
  try {
    response = respond(request);
  } catch (...) {
    run_finished_callbacks(request);
    throw;
  }
  run_finished_callbacks(request);
  return response;
}

Response Router::respond(Request& request) const {
  try {
    Response response = chain_(request);
    request.run_response_callbacks(response);
    return ready_to_leave(std::move(response), request);
  } catch (const HttpException& exception) {
    return ready_to_leave(exception, request);
  } catch (const ClientDisconnected&) {
    throw;
  } catch (const std::exception&) {
    log_exception(request);
    return ready_to_leave(HTTPInternalServerError(), request);
  }
}

void Router::run_finished_callbacks(Request& request) const {
  try {
    request.run_finished_callbacks();
  } catch (const ClientDisconnected&) {
    throw;
  } catch (const std::exception&) {
    // The response stands: it was made before.
    log_exception(request);
  }
}

void Router::log_exception(Request& request) const {
  std::string where = request.matched_route().empty()
                          ? std::string(request.method()) + " " + request.path_qs()
                          : "route '" + request.matched_route() + "'";
  registry_->log(LogLevel::kError, one_line(where + ": " + describe(std::current_exception())));
}

}  // namespace aiopyr

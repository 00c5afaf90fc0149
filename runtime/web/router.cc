#include <exception>
#include <utility>

#include <aiopyr/runtime/base/describe.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/base/one_line.h>
#include <aiopyr/runtime/web/httpexceptions.h>
#include <aiopyr/runtime/web/request.h>
#include <aiopyr/runtime/web/request_id.h>
#include <aiopyr/runtime/web/router.h>
#include <aiopyr/runtime/web/traverser.h>
#include <aiopyr/runtime/web/view_lookup.h>

namespace aiopyr {

namespace {

std::string describe_match(const Route& route, Request& request) {
  std::string text = "route matched for url " + request.url() + "; route_name: '" + route.name +
                     "', path_info: '" + std::string(request.path_info()) + "', pattern: '" +
                     route.pattern.text() + "', matchdict:";
  for (const auto& [name, value] : request.matchdict().items()) {
    text.append(" ").append(name).append("=").append(value);
  }
  return text + ", predicates: '" + route.predicates.text + "'";
}

void debug_route_match(const Registry& registry, Request& request) {
  if (!asbool(registry.settings, "debug_routematch")) return;
  registry.log(LogLevel::kInfo,
               one_line(request.route() != nullptr ? describe_match(*request.route(), request)
                                                   : "no route matched for url " + request.url()));
}

[[noreturn]] void throw_not_found(const Registry& registry, Request& request) {
  std::string message(request.path_info());
  if (asbool(registry.settings, "debug_notfound")) {
    message = "debug_notfound of url " + request.url() + "; path_info: '" + message +
              "', context: " + type_name(typeid(*request.context())) + ", view_name: '" +
              request.view_name() + "', subpath: " + Json(request.subpath()).dump();
    registry.log(LogLevel::kInfo, one_line(message));
  }
  throw HTTPNotFound(std::move(message));
}

/// The tween at EXCVIEW: to those over it what an exception view answers is a response like any
/// other. The view is called when the exception is no longer being handled, as it may park.
Handler exception_view_tween(Handler next, Registry&) {
  return [next = std::move(next)](Request& request) -> Response {
    std::exception_ptr error;
    try {
      return next(request);
    } catch (const ClientDisconnected&) {
      throw;
    } catch (const std::exception&) {
      error = std::current_exception();
    }
    auto response = invoke_exception_view(request, error);
    if (!response) std::rethrow_exception(error);
    return std::move(*response);
  };
}

/// What `respond()` gives, ready to leave.
template <class Respond>
Response ready_to_leave(Request& request, Respond respond) {
  Response response = respond();
  response.prepare(request);
  if (request.has_id() && !response.headers().contains(kRequestIdHeader)) {
    response.headers().set(kRequestIdHeader, request.id());
  }
  // The headers stay those of GET (RFC 9110 section 9.3.2).
  if (request.method() == "HEAD") response.set_body({});
  return response;
}

}  // namespace

Response detail::handle_request(Request& request) {
  const Registry& registry = request.registry();
  registry.subscribers.notify(NewRequest{request});
  registry.routes.match(request);
  debug_route_match(registry, request);
  registry.subscribers.notify(BeforeTraversal{request});
  detail::traverse(registry, request);
  registry.subscribers.notify(ContextFound{request});
  const auto views = find_views(*request.context(), request, request.view_name());
  if (views.empty()) throw_not_found(registry, request);
  return call_views(views, *request.context(), request);
}

Response detail::invoke_request(Request& request, const Handler& handler) {
  Response response = handler(request);
  request.run_response_callbacks(response);
  request.registry().subscribers.notify(NewResponse{request, response});
  return response;
}

Router::Router(std::shared_ptr<Registry> registry) : registry_(std::move(registry)) {
  // The registry keeps the chain, for subrequests too; a handler that kept the registry would be a
  // cycle.
  registry_->handle_request =
      registry_->tweens.build(detail::handle_request, exception_view_tween, *registry_);
}

Response Router::operator()(Request& request) const {
  const auto respond_or_finish = [&] {
    try {
      return respond(request);
    } catch (...) {
      run_finished_callbacks(request);
      throw;
    }
  };
  Response response = respond_or_finish();
  run_finished_callbacks(request);
  return response;
}

Response Router::respond(Request& request) const {
  try {
    return ready_to_leave(
        request, [&] { return detail::invoke_request(request, registry_->handle_request); });
  } catch (const HttpException& exception) {
    return ready_to_leave(request, [&]() -> Response { return exception; });
  } catch (const ClientDisconnected&) {
    throw;
  } catch (const std::exception&) {
    log_exception(request);
    return ready_to_leave(request, []() -> Response { return HTTPInternalServerError(); });
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
  const auto error = std::current_exception();
  std::string where = request.matched_route().empty()
                          ? std::string(request.method()) + " " + request.path_qs()
                          : "route '" + request.matched_route() + "'";
  if (request.has_id()) where += " [" + request.id() + "]";
  if (request.environ().report_exception(where, error)) return;
  registry_->log(LogLevel::kError, one_line(where + ": " + describe(error)));
}

}  // namespace aiopyr

#include <exception>
#include <utility>

#include <aiopyr/runtime/base/describe.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/base/one_line.h>
#include <aiopyr/runtime/web/dispatch/exception_answer.h>
#include <aiopyr/runtime/web/dispatch/find_context.h>
#include <aiopyr/runtime/web/dispatch/ready_response.h>
#include <aiopyr/runtime/web/dispatch/router.h>
#include <aiopyr/runtime/web/dispatch/view_lookup.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/runtime/web/request/request.h>

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
    const Resource& context = *request.context();
    message = "debug_notfound of url " + request.url() + "; path_info: '" + message +
              "', context: " + type_name(typeid(context)) + ", view_name: '" + request.view_name() +
              "', subpath: " + Json(request.subpath()).dump();
    registry.log(LogLevel::kInfo, one_line(message));
  }
  throw HTTPNotFound(std::move(message));
}

/// Makes the tween at EXCVIEW: for the tweens over it, the answer of an exception view is a
/// response like any other. The view is called when the exception is no longer being handled, as it
/// may park.
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
    Response response = detail::invoke_request(request, registry_->handle_request);
    detail::make_ready(response, request);
    return response;
  } catch (const std::exception& error) {
    auto answer = detail::answer_to(error);
    if (!answer) throw;
    detail::log_answered(request, *answer);
    detail::make_ready(answer->response, request);
    return std::move(answer->response);
  }
}

void Router::run_finished_callbacks(Request& request) const {
  try {
    request.run_finished_callbacks();
  } catch (const std::exception& error) {
    // The response was made before and is kept. An exception is a failure now, even an
    // HttpException.
    auto answer = detail::answer_to(error);
    if (!answer) throw;
    answer->log = detail::ExceptionAnswer::Log::kFailure;
    detail::log_answered(request, *answer);
  }
}

}  // namespace aiopyr

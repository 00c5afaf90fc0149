#pragma once

#include <memory>

#include <aiopyr/runtime/web/http/response.h>
#include <aiopyr/runtime/web/registry/registry.h>
#include <aiopyr/runtime/web/registry/tweens.h>

namespace aiopyr {

class Request;

/// The app as a handler: pyramid.router.Router. For each request, on its fiber:
///
///   tweens -> [NewRequest -> route match -> BeforeTraversal -> root factory -> traversal
///              -> ContextFound -> view -> renderer]
///          -> response callbacks -> NewResponse -> finished callbacks
///
/// The returned response is ready to be sent: headers complete, an HTTP exception's page written,
/// no body for HEAD. Exceptions of the view go to the exception views, at EXCVIEW among the tweens.
/// If none handles it, exception_answer.h decides: an HttpException becomes its response, a full
/// executor a 503, a timeout a 504, any other std::exception a 500 without details and one entry in
/// the log. Response callbacks are skipped then; finished callbacks run in every case.
///
/// Not caught: ClientDisconnected, and types that are not a std::exception, such as CancelledError.
/// The server handles them.
class Router {
 public:
  /// Throws ConfigurationError if the tweens have no possible order.
  explicit Router(std::shared_ptr<Registry> registry);

  Response operator()(Request& request) const;

 private:
  [[nodiscard]] Response respond(Request& request) const;
  void run_finished_callbacks(Request& request) const;

  std::shared_ptr<Registry> registry_;
};

namespace detail {
/// Finds the request's view and calls it: the innermost handler, behind all tweens.
[[nodiscard]] Response handle_request(Request& request);
/// Returns a handler's answer, after the response callbacks and NewResponse
/// (pyramid.router.Router.invoke_request, without the finished callbacks).
[[nodiscard]] Response invoke_request(Request& request, const Handler& handler);
}  // namespace detail

}  // namespace aiopyr

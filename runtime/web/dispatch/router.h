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
/// What comes back is ready to leave: headers complete, an HTTP exception's page written, no body
/// for HEAD. What the view throws goes to the exception views, at EXCVIEW among the tweens. An
/// exception that none of them takes becomes the answer that exception_answer.h says: an
/// HttpException its response, a full executor a 503, a timeout a 504, any other std::exception a
/// 500 that tells nothing of it, and one entry in the log. Response callbacks are skipped then,
/// finished callbacks run in every case.
///
/// Not caught: ClientDisconnected, and what is no std::exception, such as CancelledError. The
/// server has to know of these.
class Router {
 public:
  /// Throws ConfigurationError where the tweens have no order.
  explicit Router(std::shared_ptr<Registry> registry);

  Response operator()(Request& request) const;

 private:
  [[nodiscard]] Response respond(Request& request) const;
  void run_finished_callbacks(Request& request) const;

  std::shared_ptr<Registry> registry_;
};

namespace detail {
/// The innermost handler, behind all tweens: finds the request's view and calls it.
[[nodiscard]] Response handle_request(Request& request);
/// What a handler answers, with the response callbacks and NewResponse that follow
/// (pyramid.router.Router.invoke_request, but for the finished callbacks).
[[nodiscard]] Response invoke_request(Request& request, const Handler& handler);
}  // namespace detail

}  // namespace aiopyr

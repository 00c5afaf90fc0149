#pragma once

#include <exception>
#include <optional>
#include <string>
#include <string_view>

#include <aiopyr/runtime/web/http/response.h>
#include <aiopyr/runtime/web/views/found_views.h>

/// Finds a view for a context, and calls it (pyramid.view). On the request's fiber.
namespace aiopyr {

class MultiView;
class Request;
class Resource;

/// Calls the view `name` of a context; returns nullopt if there is none. As in Pyramid, only views
/// without a route are searched, whatever route the request has. A null context stands for a plain
/// Resource. Throws PredicateMismatch if there are views and none matches this request,
/// HTTPForbidden, and the view's exceptions.
[[nodiscard]] std::optional<Response> render_view_to_response(Resource* context, Request& request,
                                                              std::string_view name = {});

/// Calls the view in the same way, and returns only the body (pyramid.view.render_view).
[[nodiscard]] std::optional<std::string> render_view(Resource* context, Request& request,
                                                     std::string_view name = {});

/// Calls the exception view for the most derived class of `error` that has one, with an untouched
/// request.response(). Returns nullopt if there is none, or it answers with HTTPNotFound; then it
/// restores request.exception(), which otherwise is `error`.
[[nodiscard]] std::optional<Response> invoke_exception_view(Request& request,
                                                            const std::exception_ptr& error);

namespace detail {

/// Returns the views of that name for a context, with the request's route.
[[nodiscard]] FoundViews find_views(const Resource& context, const Request& request,
                                    std::string_view name);

/// Tries the views in their order. Throws PredicateMismatch if none of them matches the request.
/// Requires: there are some.
[[nodiscard]] Response call_views(const FoundViews& views, Resource& context, Request& request);

}  // namespace detail

}  // namespace aiopyr

#pragma once

#include <exception>
#include <optional>
#include <string>
#include <string_view>

#include <aiopyr/runtime/web/http/response.h>
#include <aiopyr/runtime/web/views/found_views.h>

/// Finding a view for a context, and calling it (pyramid.view). On the request's fiber.
namespace aiopyr {

class MultiView;
class Request;
class Resource;

/// Calls the view `name` of a context; nothing where there is none. As in Pyramid it is looked for
/// among the views without a route, whatever the request's is. The context may be null: then it is
/// a plain Resource. Throws PredicateMismatch where there are views and none is for this request,
/// HTTPForbidden, and what the view throws.
[[nodiscard]] std::optional<Response> render_view_to_response(Resource* context, Request& request,
                                                              std::string_view name = {});

/// The same, and the body alone (pyramid.view.render_view).
[[nodiscard]] std::optional<std::string> render_view(Resource* context, Request& request,
                                                     std::string_view name = {});

/// Calls the exception view for the most derived class of `error` that has one, with an untouched
/// request.response(). Nothing where there is none, or it answers with HTTPNotFound; request
/// .exception() is then what it was before, else it is `error`.
[[nodiscard]] std::optional<Response> invoke_exception_view(Request& request,
                                                            const std::exception_ptr& error);

namespace detail {

/// The views of that name for a context, as the request's route sees them.
[[nodiscard]] FoundViews find_views(const Resource& context, const Request& request,
                                    std::string_view name);

/// Asks one after the other. Throws PredicateMismatch where none of them is for the request.
/// Requires: there are some.
[[nodiscard]] Response call_views(const FoundViews& views, Resource& context, Request& request);

}  // namespace detail

}  // namespace aiopyr

#pragma once

#include <string>
#include <string_view>

#include <aiopyr/runtime/web/http/response.h>
#include <aiopyr/runtime/web/json/json.h>
#include <aiopyr/runtime/web/rendering/renderers.h>

/// Renders values directly (pyramid.renderers). Any context; request.response() is used and not
/// kept.
namespace aiopyr {

class Registry;
class Request;
class Resource;

/// Returns the body that a renderer, such as "json" or "templates/page.html", makes of a value.
/// Throws ConfigurationError for a renderer or a template that does not exist, Error if it cannot
/// render the value.
[[nodiscard]] std::string render(const std::string& renderer_name, const Json& value,
                                 Request& request);
/// Renders in the same way outside of a request, for an app.
[[nodiscard]] std::string render(const std::string& renderer_name, const Json& value,
                                 const Registry& registry);
/// Renders a value to a response, with the renderer's content type and everything that was set on
/// the request's own response.
[[nodiscard]] Response render_to_response(const std::string& renderer_name, const Json& value,
                                          Request& request);

namespace detail {

/// Fills the request's own response, whose headers a view may have set
/// (pyramid.renderers.RendererHelper); sets the type only if it is still the default.
[[nodiscard]] Response render_response(const Renderer& renderer, std::string_view name,
                                       const Json& value, Resource* context, Request& request);

}  // namespace detail

}  // namespace aiopyr

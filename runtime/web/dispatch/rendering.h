#pragma once

#include <string>
#include <string_view>

#include <aiopyr/runtime/web/http/response.h>
#include <aiopyr/runtime/web/json/json.h>
#include <aiopyr/runtime/web/rendering/renderers.h>

/// Rendering by hand (pyramid.renderers). Any context; request.response() is used and not kept.
namespace aiopyr {

class Registry;
class Request;
class Resource;

/// The body that a renderer, such as "json" or "templates/page.html", makes of a value. Throws
/// ConfigurationError for a renderer or a template that does not exist, Error where it cannot
/// render the value.
[[nodiscard]] std::string render(const std::string& renderer_name, const Json& value,
                                 Request& request);
/// The same outside of a request, for an app.
[[nodiscard]] std::string render(const std::string& renderer_name, const Json& value,
                                 const Registry& registry);
/// The same as a response, with the renderer's content type and what was set on the request's own
/// response.
[[nodiscard]] Response render_to_response(const std::string& renderer_name, const Json& value,
                                          Request& request);

namespace detail {

/// pyramid.renderers.RendererHelper: fills the request's own response, whose headers a view may
/// have set; the type only where nobody chose another.
[[nodiscard]] Response render_response(const Renderer& renderer, std::string_view name,
                                       const Json& value, Resource* context, Request& request);

}  // namespace detail

}  // namespace aiopyr

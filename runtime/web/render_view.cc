#include <utility>
#include <variant>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/render_view.h>
#include <aiopyr/runtime/web/request.h>

namespace aiopyr::detail {

namespace {

using RenderedView = std::function<Response(Resource*, Request&)>;

void require_route(const Registry& registry, const std::string& name) {
  if (name.empty() || registry.routes.find(name) != nullptr) return;
  std::string known;
  for (const Route& route : registry.routes.routes()) {
    known += (known.empty() ? "" : ", ") + route.name;
  }
  throw ConfigurationError("there is no route '" + name + "'; " +
                           (known.empty() ? "there are none at all" : "there are: " + known));
}

/// pyramid.renderers.RendererHelper: fills the request's own response, whose headers a view may
/// have set; the type only where nobody chose another.
Response render(const Renderer& renderer, std::string_view name, const Json& value,
                Resource* context, Request& request) {
  std::string body =
      renderer.render(value, {.request = &request, .context = context, .renderer_name = name});
  Response response = std::move(request.response());
  if (response.content_type() == Response::kDefaultContentType) {
    response.set_content_type(renderer.content_type());
  }
  response.set_body(std::move(body));
  return response;
}

RenderedView rendered(MappedView view, RendererPtr renderer, std::string renderer_name,
                      std::string view_name) {
  return [view = std::move(view), renderer = std::move(renderer),
          renderer_name = std::move(renderer_name),
          view_name = std::move(view_name)](Resource* context, Request& request) {
    ViewResult result = view(context, request);
    if (auto* response = std::get_if<Response>(&result)) return std::move(*response);
    if (!renderer) {
      throw Error("the view " + view_name +
                  " gave a value, and not a Response, but has no renderer");
    }
    return render(*renderer, renderer_name, std::get<Json>(result), context, request);
  };
}

MapperRef mapper_of(const Registry& registry, const ViewCallable& view,
                    const ViewOptions& options) {
  if (options.mapper) return options.mapper;
  return view.mapper ? view.mapper : registry.view_mapper;
}

RendererPtr renderer_of(Registry& registry, const ViewCallable& view, const std::string& name) {
  if (!name.empty()) {
    return registry.renderers.get(name, registry.app_folder(), registry.settings);
  }
  if (!view.returns_value) return nullptr;
  throw ConfigurationError("the view " + view.name +
                           " gives a value, and not a Response: it needs a renderer, such as "
                           ".renderer = \"json\" or \"string\"");
}

}  // namespace

void register_view(Registry& registry, const ViewCallable& view, const ViewOptions& options) {
  require_route(registry, options.route_name);
  View entry;
  entry.callable_name = view.name;
  entry.predicates = make_predicates(options.request_method);
  entry.mapper = mapper_of(registry, view, options);
  entry.call = rendered(entry.mapper->map(view), renderer_of(registry, view, options.renderer),
                        options.renderer, view.name);
  registry.views.add(options.route_name, options.name, std::move(entry));
}

}  // namespace aiopyr::detail

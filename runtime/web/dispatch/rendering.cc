#include <utility>

#include <aiopyr/runtime/web/dispatch/rendering.h>
#include <aiopyr/runtime/web/registry/registry.h>
#include <aiopyr/runtime/web/request/request.h>

namespace aiopyr {

namespace {

std::string render_value(const Renderer& renderer, std::string_view name, const Json& value,
                         const Registry& registry, Request* request, Resource* context) {
  RenderContext system{.request = request, .context = context, .renderer_name = name};
  if (!registry.subscribers.any_of<BeforeRender>()) return renderer.render(value, system);
  Json values = Json::object();
  registry.subscribers.notify(BeforeRender{request, context, name, value, values});
  system.values = &values;
  return renderer.render(value, system);
}

RendererPtr renderer_of(const Registry& registry, const std::string& name) {
  return registry.renderers.get(name, registry.app_folder(), registry.settings);
}

}  // namespace

Response detail::render_response(const Renderer& renderer, std::string_view name, const Json& value,
                                 Resource* context, Request& request) {
  std::string body = render_value(renderer, name, value, request.registry(), &request, context);
  request.set_rendered(true);
  if (!request.has_response()) return Response(std::move(body), 200, renderer.content_type());
  Response response = std::move(request.response());
  request.exchange_response(std::nullopt);
  if (response.content_type() == Response::kDefaultContentType) {
    response.set_content_type(renderer.content_type());
  }
  response.set_body(std::move(body));
  return response;
}

std::string render(const std::string& renderer_name, const Json& value, Request& request) {
  const Registry& registry = request.registry();
  return render_value(*renderer_of(registry, renderer_name), renderer_name, value, registry,
                      &request, request.context());
}

std::string render(const std::string& renderer_name, const Json& value, const Registry& registry) {
  return render_value(*renderer_of(registry, renderer_name), renderer_name, value, registry,
                      nullptr, nullptr);
}

Response render_to_response(const std::string& renderer_name, const Json& value, Request& request) {
  return detail::render_response(*renderer_of(request.registry(), renderer_name), renderer_name,
                                 value, request.context(), request);
}

}  // namespace aiopyr

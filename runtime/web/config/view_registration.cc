#include <functional>
#include <utility>
#include <variant>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/config/option_predicates.h>
#include <aiopyr/runtime/web/config/view_registration.h>
#include <aiopyr/runtime/web/derivers/secured_view.h>
#include <aiopyr/runtime/web/dispatch/rendering.h>
#include <aiopyr/runtime/web/json/large_json.h>
#include <aiopyr/runtime/web/registry/events.h>
#include <aiopyr/runtime/web/request/request.h>

namespace aiopyr::detail {

namespace {

void require_route(const Registry& registry, const std::string& name) {
  if (name.empty() || registry.routes.find(name) != nullptr) return;
  throw ConfigurationError(registry.routes.no_such_route(name));
}

/// Returns a view that calls `before_body` before the mapper reads the body.
MappedView asking_before_body(MappedView view, std::function<void(Request&)> before_body) {
  if (!before_body) return view;
  return [view = std::move(view), before_body = std::move(before_body)](Resource* context,
                                                                        Request& request) {
    before_body(request);
    return view(context, request);
  };
}

ViewFunction rendered(MappedView view, RendererPtr renderer, std::string renderer_name,
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
    auto& value = std::get<Json>(result);
    const FreedAside freed(value);
    return render_response(*renderer, renderer_name, value, context, request);
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

ContextType context_of(const ViewCallable& view, const ViewOptions& options) {
  return options.context ? options.context : view.context;
}

void register_view(Registry& registry, const ViewCallable& view, const ViewOptions& options) {
  require_route(registry, options.route_name);
  const ContextType context = context_of(view, options);
  if (options.exception_only && !context.is_exception()) {
    throw ConfigurationError("an exception view needs a class of exceptions as its context");
  }
  View entry;
  entry.callable_name = view.name;
  entry.predicates = predicates_of(options, registry.view_predicates);
  if (options.accept.has_value() && !options.accept.is_refused()) {
    entry.accept = options.accept.value().values();
  }
  entry.permission = permission_of({registry, options, view, context.is_exception()});
  entry.mapper = mapper_of(registry, view, options);
  entry.call = registry.view_derivers.derive(
      rendered(asking_before_body(entry.mapper->map(view), options.before_body),
               renderer_of(registry, view, options.renderer), options.renderer, view.name),
      {registry, options, view, context.is_exception()});
  ViewTable& table = context.is_exception() ? registry.exception_views : registry.views;
  table.add({options.route_name, options.name, context}, std::move(entry));
}

}  // namespace aiopyr::detail

#include <utility>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/configurator.h>
#include <aiopyr/runtime/web/render_view.h>
#include <aiopyr/runtime/web/router.h>

namespace aiopyr {

struct Configurator::State {
  detail::Actions actions;
  int includes = 0;
  bool is_frozen = false;
};

namespace {

std::string strip_right(std::string text) {
  while (text.ends_with('/')) text.pop_back();
  return text;
}

std::string strip_left(std::string text) {
  text.erase(0, text.find_first_not_of('/'));
  return text;
}

std::string title_of(const ViewOptions& options) {
  std::string title = options.name.empty() ? std::string() : "'" + options.name + "' ";
  return title +
         (options.route_name.empty() ? "of the root" : "of route '" + options.route_name + "'");
}

/// Runs before anything is deferred, so the place has to be added here.
template <class F>
auto at_place(const std::source_location& where, F f) {
  try {
    return f();
  } catch (const ConfigurationError& error) {
    throw ConfigurationError(detail::to_string(where) + ": " + error.what());
  }
}

}  // namespace

std::string detail::tween_name(std::string callable, const std::type_info& type,
                               const std::source_location& where) {
  if (callable == type_name(type)) callable += " at " + to_string(where);
  return callable;
}

Configurator::Configurator(Settings settings)
    : Configurator(std::make_shared<Registry>(std::move(settings))) {}

Configurator::Configurator(std::shared_ptr<Registry> registry)
    : registry_(std::move(registry)), state_(std::make_shared<State>()) {}

void Configurator::add_settings(const Settings& more) {
  for (const auto& [key, value] : more) settings().insert_or_assign(key, value);
}

void Configurator::add_route(std::string name, std::string pattern, RouteOptions options,
                             Place where) {
  const std::string key = name;
  add_action(detail::Phase::kRoutes, "route", "'" + key + "'", where,
             [registry = registry_.get(), name = std::move(name),
              pattern = prefixed(std::move(pattern)), options = std::move(options)]() mutable {
               if (name.empty()) throw ConfigurationError("a route needs a name");
               registry->routes.connect({std::move(name), RoutePattern(pattern),
                                         make_predicates(options.request_method)});
             });
}

void Configurator::add_view_callable(ViewCallable view, ViewOptions options, Place where) {
  const std::string predicates =
      at_place(where, [&] { return text_of(make_predicates(options.request_method)); });
  std::string key = title_of(options);
  if (!predicates.empty()) key += " (" + predicates.substr(0, predicates.size() - 1) + ")";
  add_action(detail::Phase::kViews, "view", key, where,
             [registry = registry_.get(), view = std::move(view), options = std::move(options)] {
               detail::register_view(*registry, view, options);
             });
}

void Configurator::set_view_mapper(MapperRef mapper, Place where) {
  add_action(detail::Phase::kSettings, "view mapper", "of the app", where,
             [registry = registry_.get(), mapper = std::move(mapper)] {
               if (!mapper) throw ConfigurationError("there is no mapper in it");
               registry->view_mapper = mapper;
             });
}

void Configurator::set_root_factory(RootFactory factory, Place where) {
  add_action(detail::Phase::kSettings, "root factory", "of the app", where,
             [registry = registry_.get(), factory = std::move(factory)] {
               if (!factory) throw ConfigurationError("there is no function in it");
               registry->root_factory = factory;
             });
}

void Configurator::add_renderer(std::string name, RendererFactory factory, Place where) {
  const std::string key = "'" + name + "'";
  add_action(detail::Phase::kSettings, "renderer", key, where,
             [registry = registry_.get(), name = std::move(name), factory = std::move(factory)] {
               registry->renderers.add(name, factory);
             });
}

void Configurator::add_tween_factory(TweenFactory factory, TweenOptions options, Place where) {
  const std::string key = "'" + options.name + "'";
  add_action(detail::Phase::kSettings, "tween", key, where,
             [registry = registry_.get(), factory = std::move(factory),
              options = std::move(options)] { registry->tweens.add(options, factory); });
}

void Configurator::include(const std::function<void(Configurator&)>& function,
                           IncludeOptions options) {
  Configurator part(*this);
  part.include_path_.push_back(++state_->includes);
  part.route_prefix_ = strip_right(prefixed(std::move(options.route_prefix)));
  function(part);
}

void Configurator::commit() { state_->actions.commit(); }

Handler Configurator::make_app() {
  commit();
  state_->is_frozen = true;
  return Router(registry_);
}

void Configurator::add_action(detail::Phase phase, std::string kind, const std::string& key,
                              Place where, std::function<void()> execute) {
  const std::string title = std::move(kind) + " " + key;
  if (state_->is_frozen) {
    throw ConfigurationError(detail::to_string(where) + ": " + title +
                             ": the app is made already; configure it before make_app()");
  }
  state_->actions.add({title, title, include_path_, where, phase, std::move(execute)});
}

/// pyramid.config.routes: one slash between prefix and pattern.
std::string Configurator::prefixed(std::string pattern) const {
  if (route_prefix_.empty()) return pattern;
  return strip_right(route_prefix_) + "/" + strip_left(std::move(pattern));
}

}  // namespace aiopyr

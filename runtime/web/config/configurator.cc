#include <algorithm>
#include <iterator>
#include <sstream>
#include <utility>

#include <aiopyr/runtime/base/describe.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/config/configurator_state.h>
#include <aiopyr/runtime/web/config/make_route.h>
#include <aiopyr/runtime/web/config/option_predicates.h>
#include <aiopyr/runtime/web/dispatch/router.h>

namespace aiopyr {

namespace {

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream words(text);
  return {std::istream_iterator<std::string>(words), {}};
}

}  // namespace

std::string detail::with_place(std::string name, const std::type_info& type,
                               const std::source_location& where) {
  if (name == type_name(type)) name += " at " + to_string(where);
  return name;
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
  const std::string title = "route '" + name + "'";
  add_action(detail::Phase::kRoutes, title, where,
             [registry = registry_.get(), name = std::move(name), pattern = std::move(pattern),
              prefix = route_prefix_, options = std::move(options)] {
               Route route = detail::make_route(name, pattern, prefix, options);
               route.predicates = detail::predicates_of(options, registry->route_predicates);
               registry->routes.connect(std::move(route));
             });
}

void Configurator::set_view_mapper(MapperRef mapper, Place where) {
  add_action(detail::Phase::kSettings, "view mapper of the app", where,
             [registry = registry_.get(), mapper = std::move(mapper)] {
               if (!mapper) throw ConfigurationError("there is no mapper in it");
               registry->view_mapper = mapper;
             });
}

void Configurator::set_root_factory(RootFactory factory, Place where) {
  add_action(detail::Phase::kSettings, "root factory of the app", where,
             [registry = registry_.get(), factory = std::move(factory)] {
               if (!factory) throw ConfigurationError("there is no function in it");
               registry->root_factory = factory;
             });
}

void Configurator::add_traverser_for(TraverserTable::Entry entry, Place where) {
  const std::string title = "traverser of roots of the class " + type_name(*entry.root_type);
  add_action(detail::Phase::kSettings, title, where,
             [registry = registry_.get(), entry = std::move(entry)] {
               if (!entry.traverser) throw ConfigurationError("there is no function in it");
               registry->traversers.add(entry);
             });
}

void Configurator::add_renderer(std::string name, RendererFactory factory, Place where) {
  const std::string title = "renderer '" + name + "'";
  add_action(detail::Phase::kSettings, title, where,
             [registry = registry_.get(), name = std::move(name), factory = std::move(factory)] {
               registry->renderers.add(name, factory);
             });
}

void Configurator::add_tween_factory(TweenFactory factory, TweenOptions options, Place where) {
  const std::string title = "tween '" + options.name + "'";
  add_action(detail::Phase::kSettings, title, where,
             [registry = registry_.get(), factory = std::move(factory),
              options = std::move(options)] { registry->tweens.add(options, factory); });
}

void Configurator::add_subscription(std::function<void(Subscribers&)> subscribe, Place where) {
  add_action(detail::Phase::kSettings, unique_title("subscriber"), where,
             [registry = registry_.get(), subscribe = std::move(subscribe)] {
               subscribe(registry->subscribers);
             });
}

void Configurator::add_request_property(std::string name, RequestProperty::Get get,
                                        RequestMethodOptions options, Place where) {
  const std::string title = "request method '" + name + "'";
  add_action(detail::Phase::kSettings, title, where,
             [registry = registry_.get(), name = std::move(name),
              property = RequestProperty{std::move(get), options.reify}] {
               registry->request_properties.insert_or_assign(name, property);
             });
}

bool Configurator::is_included(const detail::AddOn& add_on) {
  if (!add_on.is_recognized()) return false;
  auto& known = state_->add_ons;
  if (std::find(known.begin(), known.end(), add_on) != known.end()) return true;
  known.push_back(add_on);
  return false;
}

void Configurator::include_function(const std::function<void(Configurator&)>& function,
                                    const IncludeOptions& options) {
  Configurator part(*this);
  part.include_path_.push_back(++state_->includes);
  part.route_prefix_ = detail::join_prefix(route_prefix_, options.route_prefix);
  function(part);
}

void Configurator::commit() { state_->actions.commit(); }

void Configurator::set_autocommit(bool is_on) {
  commit();
  state_->commits_at_once = is_on;
}

Handler Configurator::make_app() {
  commit();
  for (const char* key : {"tweens", "pyramid.tweens"}) {
    const auto tweens = settings().find(key);
    if (tweens != settings().end()) registry_->tweens.set_explicit_order(words_of(tweens->second));
  }
  require_wrappers();
  state_->is_frozen = true;
  Router router(registry_);
  registry_->subscribers.notify(ApplicationCreated{*registry_});
  return router;
}

void Configurator::require_wrappers() const {
  const auto& by_route = registry_->views.by_route();
  const auto views = by_route.find(std::string_view());
  for (const auto& [view, wrapper, where] : state_->wrapped) {
    if (views != by_route.end() && views->second.contains(wrapper)) continue;
    std::string what = detail::to_string(where);
    what.append(": the wrapper of the view ").append(view).append(" is '").append(wrapper);
    throw ConfigurationError(what.append("', and no view without a route has that name"));
  }
}

void Configurator::add_action(detail::Phase phase, const std::string& title, Place where,
                              std::function<void()> execute) {
  add_action(
      phase, [title] { return title; }, where, std::move(execute));
}

void Configurator::add_action(detail::Phase phase, std::function<std::string()> title, Place where,
                              std::function<void()> execute) {
  if (state_->is_frozen) {
    throw ConfigurationError(detail::to_string(where) + ": " + title() +
                             ": the app is made already; configure it before make_app()");
  }
  state_->actions.add({std::move(title), include_path_, where, phase, std::move(execute)});
  if (state_->commits_at_once) commit();
}

std::string Configurator::unique_title(const std::string& kind) {
  return kind + " number " + std::to_string(++state_->unique_titles);
}

}  // namespace aiopyr

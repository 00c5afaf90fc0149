#pragma once

#include <functional>
#include <memory>
#include <source_location>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <aiopyr/runtime/base/callable_name.h>
#include <aiopyr/runtime/web/actions.h>
#include <aiopyr/runtime/web/registry.h>
#include <aiopyr/runtime/web/view_callable.h>
#include <aiopyr/runtime/web/view_options.h>

namespace aiopyr {

namespace detail {
/// A function that the dynamic linker has no name for is told from others by its place.
std::string tween_name(std::string callable, const std::type_info& type,
                       const std::source_location& where);
}  // namespace detail

/// Configures an app: pyramid.config.Configurator. What is asked for is noted with its place in the
/// source and carried out by commit(), at the latest by make_app(), in Pyramid's order: so a view
/// may come before its route. Asking for the same thing twice is an error that names both places,
/// unless the one asking includes the other.
///
/// Errors are ConfigurationErrors of one line. Used on one thread, before anything is served; after
/// make_app() nothing can be added.
class Configurator {
 public:
  using Place = std::source_location;

  explicit Configurator(Settings settings = {});
  explicit Configurator(std::shared_ptr<Registry> registry);

  [[nodiscard]] Registry& registry() noexcept { return *registry_; }
  [[nodiscard]] Settings& settings() noexcept { return registry_->settings; }
  /// Adds settings; of the same key, the new value stays.
  void add_settings(const Settings& more);

  /// Routes are tried in the order in which they are added; see RoutePattern for patterns.
  void add_route(std::string name, std::string pattern, RouteOptions options = {},
                 Place where = Place::current());

  /// A function, lambda or method as a view; see view_callable.h for their forms.
  template <Viewable F>
  void add_view(F view, ViewOptions options = {}, Place where = Place::current()) {
    add_view_callable(ViewAdapter<F>::adapt(std::move(view)), std::move(options), where);
  }
  /// A class as a view.
  template <class C>
  requires Viewable<ViewClass<C>>
  void add_view(ViewOptions options = {}, Place where = Place::current()) {
    add_view_callable(ViewAdapter<ViewClass<C>>::adapt({}), std::move(options), where);
  }
  /// A method that C inherits: the object is a C.
  template <class C, class Method>
  requires Viewable<ViewMethod<C, Method>>
  void add_view(Method method, ViewOptions options = {}, Place where = Place::current()) {
    add_view_callable(ViewAdapter<ViewMethod<C, Method>>::adapt({method}), std::move(options),
                      where);
  }
  void add_view_callable(ViewCallable view, ViewOptions options, Place where = Place::current());

  /// The mapper of views that name none, wherever they are added.
  void set_view_mapper(MapperRef mapper, Place where = Place::current());
  void set_root_factory(RootFactory factory, Place where = Place::current());
  /// `name` is a renderer's whole name, or an extension with its dot.
  void add_renderer(std::string name, RendererFactory factory, Place where = Place::current());

  /// `factory(Handler, Registry&)` gives a Handler.
  template <class F>
  requires std::is_invocable_r_v<Handler, const F&, Handler, Registry&>
  void add_tween(F factory, TweenOptions options = {}, Place where = Place::current()) {
    if (options.name.empty())
      options.name = detail::tween_name(callable_name(factory), typeid(F), where);
    add_tween_factory(TweenFactory(std::move(factory)), std::move(options), where);
  }
  void add_tween_factory(TweenFactory factory, TweenOptions options,
                         Place where = Place::current());

  /// Lets `function` configure a part of the app.
  void include(const std::function<void(Configurator&)>& function, IncludeOptions options = {});

  /// Carries out what was asked for so far.
  void commit();

  /// Commits and gives the app (make_wsgi_app), which keeps the registry.
  [[nodiscard]] Handler make_app();

 private:
  struct State;

  void add_action(detail::Phase phase, std::string kind, const std::string& key, Place where,
                  std::function<void()> execute);
  [[nodiscard]] std::string prefixed(std::string pattern) const;

  std::shared_ptr<Registry> registry_;
  std::shared_ptr<State> state_;  // shared with the configurators of includes
  std::string route_prefix_;
  std::vector<int> include_path_;
};

}  // namespace aiopyr

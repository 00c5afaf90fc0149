#pragma once

#include <any>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <typeinfo>
#include <utility>

#include <aiopyr/runtime/web/context/resource.h>
#include <aiopyr/runtime/web/registry/class_defaults.h>
#include <aiopyr/runtime/web/registry/events.h>
#include <aiopyr/runtime/web/registry/objects.h>
#include <aiopyr/runtime/web/registry/tweens.h>
#include <aiopyr/runtime/web/registry/worker_hooks.h>
#include <aiopyr/runtime/web/rendering/renderers.h>
#include <aiopyr/runtime/web/routing/predicate_list.h>
#include <aiopyr/runtime/web/routing/routes.h>
#include <aiopyr/runtime/web/security/security_settings.h>
#include <aiopyr/runtime/web/settings/settings.h>
#include <aiopyr/runtime/web/static/static_url_info.h>
#include <aiopyr/runtime/web/traversal/traverser.h>
#include <aiopyr/runtime/web/views/mapper_ref.h>
#include <aiopyr/runtime/web/views/view_derivers.h>
#include <aiopyr/runtime/web/views/view_table.h>

namespace aiopyr {

enum class LogLevel { kInfo, kWarning, kError };

/// Takes one message without a line end; called on any thread.
using Logger = std::function<void(LogLevel, std::string_view)>;

/// The function behind Request::property.
struct RequestProperty {
  using Get = std::function<std::any(Request&)>;
  Get get;
  bool reify = false;
};

/// The parts of an app: Pyramid's application registry. One per app; written by its Configurator
/// while the app is configured, read-only and shared by all requests from then on, but for
/// the objects that the app adds when a worker starts.
class Registry {
 public:
  /// Relative template names start in `app_folder`, unless the setting `app_folder` names another.
  explicit Registry(Settings app_settings = {}, std::string app_folder = ".");
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  [[nodiscard]] const std::string& app_folder() const;

  /// Sets where messages go: at first to stderr.
  void set_logger(Logger logger) { logger_ = std::move(logger); }
  void log(LogLevel level, std::string_view message) const { logger_(level, message); }

  // Objects of the app, found by their type, and by a name where there are several of one: what
  // Pyramid's registry keeps as utilities. They are added when the app is configured, or by
  // config.on_worker_start() for what belongs to a process and its loop, such as a pool of
  // connections. From then on get() may be called on any thread. An object with `Task<> close()` is
  // closed when the worker ends, once no request is left.

  /// Makes an object and returns it. Throws ConfigurationError if there is one of that type and
  /// name.
  template <class T, class... Arguments>
  T& emplace(Arguments&&... arguments) {
    return keep("", std::make_shared<T>(std::forward<Arguments>(arguments)...));
  }
  template <class T, class... Arguments>
  T& emplace_named(std::string name, Arguments&&... arguments) {
    return keep(std::move(name), std::make_shared<T>(std::forward<Arguments>(arguments)...));
  }
  /// Keeps `object`: registry.set<Base>(Derived()) does not compile; share it as a Base instead.
  template <class T>
  T& set(T object, std::string name = {}) {
    return keep(std::move(name), std::make_shared<T>(std::move(object)));
  }
  template <class T>
  T& set(std::shared_ptr<T> object, std::string name = {}) {
    return keep(std::move(name), std::move(object));
  }

  /// Returns the object. Throws KeyError, which says how to add it, if there is none.
  template <class T>
  [[nodiscard]] T& get(std::string_view name = {}) const {
    return *static_cast<T*>(objects_.get(typeid(T), name));
  }
  /// Returns the object; null if there is none.
  template <class T>
  [[nodiscard]] T* find(std::string_view name = {}) const noexcept {
    return static_cast<T*>(objects_.find(typeid(T), name));
  }

  /// Closes, or destroys, all objects; for whoever runs the app.
  [[nodiscard]] Task<> close_objects() { return objects_.close_all(); }
  void destroy_objects() noexcept { objects_.destroy_all(); }

  Settings settings;
  RendererRegistry renderers;
  RoutesMapper routes;
  ViewTable views;
  /// The views whose context is a class of exceptions.
  ViewTable exception_views;
  PredicateList route_predicates;
  PredicateList view_predicates;
  ViewDerivers view_derivers;
  TweenChain tweens;
  Subscribers subscribers;
  std::map<std::string, RequestProperty, std::less<>> request_properties;
  /// The mapper of views without one of their own.
  MapperRef view_mapper;
  RootFactory root_factory;
  SecuritySettings security;
  TraverserTable traversers;
  StaticUrlInfo static_urls;
  /// Class-wide defaults that the app's function has set.
  ClassDefaults class_defaults;
  /// Run by the server on each worker's loop.
  detail::WorkerHooks worker_hooks;
  /// Calls the tweens around the views, once the app is made.
  Handler handle_request;

 private:
  template <class T>
  T& keep(std::string name, std::shared_ptr<T> object) {
    T& kept = *object;
    std::function<Task<>()> close;
    if constexpr (detail::Closable<T>) close = [&kept] { return kept.close(); };
    objects_.add(typeid(T), std::move(name), std::move(object), std::move(close));
    return kept;
  }

  detail::RegistryObjects objects_;
  std::string app_folder_;
  Logger logger_;
};

}  // namespace aiopyr

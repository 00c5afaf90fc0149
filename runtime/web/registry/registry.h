#pragma once

#include <any>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include <aiopyr/runtime/web/context/resource.h>
#include <aiopyr/runtime/web/registry/class_defaults.h>
#include <aiopyr/runtime/web/registry/events.h>
#include <aiopyr/runtime/web/registry/tweens.h>
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
/// while the app is configured, read-only and shared by all requests from then on.
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
  /// Calls the tweens around the views, once the app is made.
  Handler handle_request;

 private:
  std::string app_folder_;
  Logger logger_;
};

}  // namespace aiopyr

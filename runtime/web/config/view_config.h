#pragma once

#include <source_location>
#include <utility>

#include <aiopyr/runtime/web/config/configurator.h>
#include <aiopyr/runtime/web/config/declared_views.h>

/// Declares views beside their functions, as Pyramid's decorators do (pyramid.view.view_config and
/// similar ones); Configurator::scan() adds those of its shared object:
///
///     Task<Json> home(Request& request) { ... }
///     const ViewConfig kHome(home, {.route_name = "home", .renderer = "json"});
///
///     void app(Configurator& config) { config.add_route("home", "/"); config.scan(); }
///
/// The arguments are those of the Configurator's methods. A class is declared by
/// `ViewConfig(ViewClass<Echo>{}, {...})`. Until scan() nothing but a record is made, so errors are
/// reported as for any other view, with the declaration's place.
namespace aiopyr {

namespace detail {

/// Records a view while the shared object is loaded.
class __attribute__((visibility("hidden"))) ViewDeclaration {
 protected:
  template <class Add>
  ViewDeclaration(Add add, std::source_location where) {
    declared_views().push_back({std::move(add), where});
  }
};

}  // namespace detail

/// Declares a view for add_view(): @view_config.
class __attribute__((visibility("hidden"))) ViewConfig : detail::ViewDeclaration {
 public:
  template <Viewable F>
  explicit ViewConfig(F view, ViewOptions options = {},
                      std::source_location where = std::source_location::current())
      : ViewDeclaration([view = std::move(view), options = std::move(options),
                         where](Configurator& config) { config.add_view(view, options, where); },
                        where) {}
};

/// Declares a view for add_exception_view(): @exception_view_config.
class __attribute__((visibility("hidden"))) ExceptionViewConfig : detail::ViewDeclaration {
 public:
  template <Viewable F>
  explicit ExceptionViewConfig(F view, ViewOptions options = {},
                               std::source_location where = std::source_location::current())
      : ViewDeclaration(
            [view = std::move(view), options = std::move(options), where](Configurator& config) {
              config.add_exception_view(view, options, where);
            },
            where) {}
};

/// Declares a view for add_notfound_view(): @notfound_view_config.
class __attribute__((visibility("hidden"))) NotfoundViewConfig : detail::ViewDeclaration {
 public:
  template <Viewable F>
  explicit NotfoundViewConfig(F view, ViewOptions options = {},
                              AppendSlash append_slash = AppendSlash::kNo,
                              std::source_location where = std::source_location::current())
      : ViewDeclaration(
            [view = std::move(view), options = std::move(options), append_slash,
             where](Configurator& config) {
              config.add_notfound_view(view, options, append_slash, where);
            },
            where) {}
};

/// Declares a view for add_forbidden_view(): @forbidden_view_config.
class __attribute__((visibility("hidden"))) ForbiddenViewConfig : detail::ViewDeclaration {
 public:
  template <Viewable F>
  explicit ForbiddenViewConfig(F view, ViewOptions options = {},
                               std::source_location where = std::source_location::current())
      : ViewDeclaration(
            [view = std::move(view), options = std::move(options), where](Configurator& config) {
              config.add_forbidden_view(view, options, where);
            },
            where) {}
};

}  // namespace aiopyr

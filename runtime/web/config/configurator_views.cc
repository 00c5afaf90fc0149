#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/config/configurator_state.h>
#include <aiopyr/runtime/web/config/option_predicates.h>
#include <aiopyr/runtime/web/config/view_registration.h>
#include <aiopyr/runtime/web/request/request.h>
#include <aiopyr/runtime/web/views/view_mapper.h>

/// The parts of a Configurator about views.
namespace aiopyr {

namespace {

std::string title_of(const ViewOptions& options, const ContextType& context,
                     const PredicateSet& predicates) {
  std::string title = context.is_exception() ? "exception view " : "view ";
  if (!options.name.empty()) title += "'" + options.name + "' ";
  title += options.route_name.empty() ? "of the root" : "of route '" + options.route_name + "'";
  if (context) title += " for " + context.name();
  if (!predicates.text.empty()) title += " (" + predicates.text + ")";
  return title;
}

/// Returns `path` with a slash at its end, if a route matches that; else empty.
std::string with_slash(const Request& request) {
  const std::string path = std::string(request.path_info()) + "/";
  if (path.ends_with("//")) return {};
  for (const Route& route : request.registry().routes.routes()) {
    if (route.is_static || !route.pattern.match(path)) continue;
    // A path that begins with two slashes would name another host.
    std::string url = request.path().starts_with("//") ? request.path_url() : request.path();
    url += "/";
    if (!request.query_string().empty()) url.append("?").append(request.query_string());
    return url;
  }
  return {};
}

/// Wraps a view as pyramid.view.AppendSlashNotFoundViewFactory does.
ViewFunction append_slash_view(ViewFunction view) {
  return [view = std::move(view)](Resource* context, Request& request) -> Response {
    const std::string url = with_slash(request);
    if (!url.empty()) return HTTPTemporaryRedirect(url);
    return view(context, request);
  };
}

}  // namespace

void Configurator::add_view_callable(ViewCallable view, ViewOptions options, Place where) {
  record_view(std::move(view), std::move(options), where);
}

void Configurator::record_view(ViewCallable&& view, ViewOptions&& options, Place where) {
  const ContextType context = detail::context_of(view, options);
  auto title = [registry = registry_.get(), options, context] {
    return title_of(options, context, detail::predicates_of(options, registry->view_predicates));
  };
  add_action(detail::Phase::kViews, std::move(title), where,
             [registry = registry_.get(), view = std::move(view), options = std::move(options),
              where, &wrapped = state_->wrapped] {
               detail::register_view(*registry, view, options);
               if (options.wrapper.empty()) return;
               wrapped.push_back({view.name, options.wrapper, where});
             });
}

void Configurator::add_exception_view_callable(ViewCallable view, ViewOptions options,
                                               ContextType type, Place where) {
  if (type) options.context = type;
  // Pyramid's default for a view without a class.
  if (!detail::context_of(view, options)) options.context = context_type<std::exception>();
  options.exception_only = true;
  add_view_callable(std::move(view), std::move(options), where);
}

void Configurator::add_notfound_view_callable(ViewCallable view, ViewOptions options,
                                              AppendSlash append_slash, Place where) {
  if (append_slash == AppendSlash::kYes) {
    options.decorators.insert(options.decorators.begin(), append_slash_view);
  }
  add_exception_view_callable(std::move(view), std::move(options), context_type<HTTPNotFound>(),
                              where);
}

void Configurator::add_notfound_view(AppendSlash append_slash, Place where) {
  ViewOptions options;
  options.mapper = FiberMapper{};
  add_notfound_view([](const HTTPNotFound& error, Request&) -> Response { return error; },
                    std::move(options), append_slash, where);
}

void Configurator::scan(DeclaredViews declared) {
  const auto place = [](const DeclaredView& view) {
    return std::tuple(std::string_view(view.where.file_name()), view.where.line());
  };
  std::stable_sort(
      declared.begin(), declared.end(),
      [&](const DeclaredView& a, const DeclaredView& b) { return place(a) < place(b); });
  for (const DeclaredView& view : declared) view.add(*this);
}

void Configurator::add_predicate(const std::string& kind, PredicateList& list, std::string name,
                                 PredicateFactory factory, PredicateOptions options, Place where) {
  const std::string title = kind + " predicate '" + name + "'";
  add_action(detail::Phase::kSettings, title, where,
             [&list, name = std::move(name), factory = std::move(factory),
              options = std::move(options)] { list.add(name, factory, options); });
}

void Configurator::add_view_deriver_function(ViewDeriver deriver, ViewDeriverOptions options,
                                             Place where) {
  const std::string title = "view deriver '" + options.name + "'";
  add_action(detail::Phase::kSettings, title, where,
             [registry = registry_.get(), deriver = std::move(deriver),
              options = std::move(options)] { registry->view_derivers.add(options, deriver); });
}

}  // namespace aiopyr

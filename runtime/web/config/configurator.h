#pragma once

#include <any>
#include <concepts>
#include <functional>
#include <memory>
#include <source_location>
#include <string>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <vector>

#include <aiopyr/runtime/web/config/actions.h>
#include <aiopyr/runtime/web/config/add_on.h>
#include <aiopyr/runtime/web/config/checked_callables.h>
#include <aiopyr/runtime/web/config/declared_views.h>
#include <aiopyr/runtime/web/config/include_options.h>
#include <aiopyr/runtime/web/config/placed_name.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/runtime/web/registry/registry.h>
#include <aiopyr/runtime/web/routing/route_options.h>
#include <aiopyr/runtime/web/static/cache_buster.h>
#include <aiopyr/runtime/web/static/static_view_options.h>
#include <aiopyr/runtime/web/views/view_callable.h>
#include <aiopyr/runtime/web/views/view_options.h>

namespace aiopyr {

/// Selects whether a URL without a slash at its end is redirected to the one with it.
enum class AppendSlash { kNo, kYes };

struct RequestMethodOptions {
  bool reify = false;  ///< called once per request, and its result kept
};

/// Configures an app: pyramid.config.Configurator. Calls are recorded with their place in the
/// source and carried out by commit(), at the latest by make_app(), in Pyramid's order: so a view
/// may come before its route. Configuring the same thing twice is an error that names both places,
/// unless one call includes the other.
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
  /// Adds settings; a new value replaces that of the same key.
  void add_settings(const Settings& more);

  /// Adds a route. Routes are tried in the order in which they are added; see RoutePattern for
  /// patterns. A whole URL as the pattern, `https://example.com/{id}` or `//example.com/{id}`,
  /// makes an external route, for URL generation only.
  void add_route(std::string name, std::string pattern, RouteOptions options = {},
                 Place where = Place::current());

  /// Adds a function, lambda or method as a view; see view_callable.h for their forms.
  template <class F>
  void add_view(F view, ViewOptions options = {}, Place where = Place::current()) {
    record_view(detail::adapt_view(std::move(view)), std::move(options), where);
  }
  /// Adds a class as a view.
  template <class C>
  void add_view(ViewOptions options = {}, Place where = Place::current()) {
    record_view(detail::adapt_view_class<C>(), std::move(options), where);
  }
  /// Adds a method that C inherits as a view: the object is a C.
  template <class C, class Method>
  requires Viewable<ViewMethod<C, Method>>
  void add_view(Method method, ViewOptions options = {}, Place where = Place::current()) {
    record_view(ViewAdapter<ViewMethod<C, Method>>::adapt({method}), std::move(options), where);
  }
  void add_view_callable(ViewCallable view, ViewOptions options, Place where = Place::current());

  // Exception views are called with the exception as their context, `(const E&, Request&)`, or with
  // the request alone, for exceptions of the class that their signature or `.context` names. Of
  // several, the view for the most derived class is called.

  /// Adds a view for exceptions of other views, or of tweens under EXCVIEW.
  template <class F>
  void add_exception_view(F view, ViewOptions options = {}, Place where = Place::current()) {
    add_exception_view_callable(detail::adapt_view(std::move(view)), std::move(options), {}, where);
  }
  /// Adds a view for HTTPNotFound, and so for URLs that lead nowhere. With AppendSlash::kYes a path
  /// that matches a route with a slash at its end is redirected there (307) instead, with its
  /// query.
  template <class F>
  void add_notfound_view(F view, ViewOptions options = {},
                         AppendSlash append_slash = AppendSlash::kNo,
                         Place where = Place::current()) {
    add_notfound_view_callable(detail::adapt_view(std::move(view)), std::move(options),
                               append_slash, where);
  }
  /// Adds a view that answers with HTTPNotFound's own page.
  void add_notfound_view(AppendSlash append_slash, Place where = Place::current());
  /// Adds a view for HTTPForbidden, and so for requests that the security policy denies.
  template <class F>
  void add_forbidden_view(F view, ViewOptions options = {}, Place where = Place::current()) {
    add_exception_view_callable(detail::adapt_view(std::move(view)), std::move(options),
                                context_type<HTTPForbidden>(), where);
  }
  /// Adds an exception view. `type`, if given, overrides the class of exceptions in the signature.
  void add_exception_view_callable(ViewCallable view, ViewOptions options, ContextType type,
                                   Place where = Place::current());

  /// Adds a predicate of the app, for `.predicates = {{name, value}}` of views or of routes. It has
  /// to be added before views or routes are committed, not before they are added.
  template <class F>
  void add_view_predicate(std::string name, F factory, PredicateOptions options = {},
                          Place where = Place::current()) {
    add_predicate("view", registry_->view_predicates, std::move(name),
                  detail::to_predicate_factory(std::move(factory)), std::move(options), where);
  }
  template <class F>
  void add_route_predicate(std::string name, F factory, PredicateOptions options = {},
                           Place where = Place::current()) {
    add_predicate("route", registry_->route_predicates, std::move(name),
                  detail::to_predicate_factory(std::move(factory)), std::move(options), where);
  }

  /// Adds a wrapper of all views; see view_derivers.h.
  template <class F>
  void add_view_deriver(F deriver, ViewDeriverOptions options = {},
                        Place where = Place::current()) {
    if (options.name.empty()) options.name = detail::placed_name(deriver, where);
    add_view_deriver_function(detail::to_view_deriver(std::move(deriver)), std::move(options),
                              where);
  }
  void add_view_deriver_function(ViewDeriver deriver, ViewDeriverOptions options,
                                 Place where = Place::current());

  /// Calls `subscriber(const Event&)` for each event of the class that its parameter names; see
  /// events.h.
  template <class F>
  void add_subscriber(F subscriber, Place where = Place::current()) {
    add_subscription(detail::to_subscription(std::move(subscriber)), where);
  }

  /// Runs `hook(Registry&)`, plain or a coroutine, on each worker's loop before its first request:
  /// makes what belongs to a process, such as a pool. An exception ends the worker.
  template <class F>
  void on_worker_start(F hook) {
    registry_->worker_hooks.add_start(detail::to_worker_hook(std::move(hook)));
  }
  /// Runs it in the same way when the worker's requests have ended, the last hook first. Objects of
  /// the registry with `Task<> close()` are closed afterwards by themselves.
  template <class F>
  void on_worker_stop(F hook) {
    registry_->worker_hooks.add_stop(detail::to_worker_hook(std::move(hook)));
  }

  /// Adds a property to each request: `request.property<T>(name)` calls `f(request)`; with `reify`
  /// only once, and keeps the result. Pyramid's add_request_method with property=True; C++ has
  /// functions in place of methods.
  template <class F>
  requires std::invocable<const F&, Request&>
  void add_request_method(std::string name, F f, RequestMethodOptions options = {},
                          Place where = Place::current()) {
    add_request_property(
        std::move(name), [f = std::move(f)](Request& request) { return std::any(f(request)); },
        options, where);
  }

  /// Sets the mapper of views without one of their own, wherever they are added.
  void set_view_mapper(MapperRef mapper, Place where = Place::current());
  void set_root_factory(RootFactory factory, Place where = Place::current());
  /// Replaces traversal for requests whose root is an R; of several matching ones, the last added
  /// is used.
  template <std::derived_from<Resource> R = Resource>
  void add_traverser(Traverser traverser, Place where = Place::current()) {
    add_traverser_for(TraverserTable::Entry::of<R>(std::move(traverser)), where);
  }

  /// Serves the files of a folder below a prefix: see docs/static.md. A relative `path` starts in
  /// the app's folder. If `name` is a URL, `https://cdn.example.com/x` or `//cdn.example.com/x`,
  /// another server has the files, and only static_url() uses it.
  void add_static_view(std::string name, std::string path, StaticViewOptions options = {},
                       Place where = Place::current());
  /// Makes static_url() return another URL for the files below `path` whenever they change; of
  /// several busters, that of the longest path is used. The setting `prevent_cachebust` turns all
  /// off.
  template <std::derived_from<CacheBuster> B>
  void add_cache_buster(std::string path, B buster, Place where = Place::current()) {
    add_cache_buster_object(std::move(path), std::make_shared<B>(std::move(buster)), where);
  }
  /// Adds a renderer. `name` is a renderer's whole name, or an extension with its dot.
  void add_renderer(std::string name, RendererFactory factory, Place where = Place::current());

  /// Adds a tween. `factory(Handler, Registry&)` returns a Handler.
  template <class F>
  void add_tween(F factory, TweenOptions options = {}, Place where = Place::current()) {
    if (options.name.empty()) options.name = detail::placed_name(factory, where);
    add_tween_factory(detail::to_tween_factory(std::move(factory)), std::move(options), where);
  }
  void add_tween_factory(TweenFactory factory, TweenOptions options,
                         Place where = Place::current());

  // Security (configurator_security.cc).

  /// Sets the policy that identifies users and decides on permissions. Not together with an
  /// authentication policy.
  void set_security_policy(std::shared_ptr<const SecurityPolicy> policy,
                           Place where = Place::current());
  template <std::derived_from<SecurityPolicy> P>
  void set_security_policy(P policy, Place where = Place::current()) {
    set_security_policy(std::make_shared<const P>(std::move(policy)), where);
  }
  /// Sets the policy that identifies users. The authorization policy decides on permissions: by
  /// default ACLAuthorizationPolicy.
  void set_authentication_policy(std::shared_ptr<const AuthenticationPolicy> policy,
                                 Place where = Place::current());
  template <std::derived_from<AuthenticationPolicy> P>
  void set_authentication_policy(P policy, Place where = Place::current()) {
    set_authentication_policy(std::make_shared<const P>(std::move(policy)), where);
  }
  /// Sets the policy that decides on permissions. Needs an authentication policy.
  void set_authorization_policy(std::shared_ptr<const AuthorizationPolicy> policy,
                                Place where = Place::current());
  template <std::derived_from<AuthorizationPolicy> P>
  void set_authorization_policy(P policy, Place where = Place::current()) {
    set_authorization_policy(std::make_shared<const P>(std::move(policy)), where);
  }
  /// Sets the permission of views without one; views for all users name kNoPermissionRequired.
  void set_default_permission(std::string permission, Place where = Place::current());
  void set_session_factory(SessionFactory factory, Place where = Place::current());
  void set_csrf_storage_policy(std::shared_ptr<const CSRFStoragePolicy> policy,
                               Place where = Place::current());
  template <std::derived_from<CSRFStoragePolicy> P>
  void set_csrf_storage_policy(P policy, Place where = Place::current()) {
    set_csrf_storage_policy(std::make_shared<const P>(std::move(policy)), where);
  }
  /// Protects views without such an option.
  void set_default_csrf_options(CSRFOptions options = {}, Place where = Place::current());

  /// Calls `function`, which configures a part of the app. As in Pyramid it is called once, however
  /// often it is included, so add-ons may include what they need. That holds for a function and for
  /// a lambda without captures; a lambda with captures is called each time.
  template <class F>
  void include(F function, IncludeOptions options = {}) {
    if constexpr (std::invocable<F&, Configurator&>) {
      if (is_included(detail::AddOn::of(function))) return;
      include_function(std::move(function), options);
    } else {
      static_assert(detail::kNever<F>, "nothing to include: what configures takes (Configurator&)");
    }
  }

  /// Adds the views that were declared beside their functions (view_config.h): all those of the
  /// shared object, or program, that calls this. The order in which they were linked does not
  /// matter.
  void scan(DeclaredViews declared = detail::declared_views());

  /// Carries out all calls so far.
  void commit();
  /// Makes every later call take effect at once, without conflicts: it replaces or joins what was
  /// there (Pyramid's autocommit=True). The order of calls matters then.
  void set_autocommit(bool is_on = true);

  /// Commits and returns the app (make_wsgi_app), which keeps the registry.
  [[nodiscard]] Handler make_app();

 private:
  struct State;

  /// Returns whether it was included before, and remembers it.
  [[nodiscard]] bool is_included(const detail::AddOn& add_on);
  void include_function(const std::function<void(Configurator&)>& function,
                        const IncludeOptions& options);
  void add_traverser_for(TraverserTable::Entry entry, Place where);
  void add_cache_buster_object(std::string path, std::shared_ptr<CacheBuster> buster, Place where);

  /// Does what add_view_callable() does. Takes references, so that no app has to move its options,
  /// which are large, once more.
  void record_view(ViewCallable&& view, ViewOptions&& options, Place where);
  void add_action(detail::Phase phase, const std::string& title, Place where,
                  std::function<void()> execute);
  void add_action(detail::Phase phase, std::function<std::string()> title, Place where,
                  std::function<void()> execute);
  void add_notfound_view_callable(ViewCallable view, ViewOptions options, AppendSlash append_slash,
                                  Place where);
  void add_predicate(const std::string& kind, PredicateList& list, std::string name,
                     PredicateFactory factory, PredicateOptions options, Place where);
  void add_subscription(std::function<void(Subscribers&)> subscribe, Place where);
  void add_request_property(std::string name, RequestProperty::Get get,
                            RequestMethodOptions options, Place where);
  [[nodiscard]] std::string unique_title(const std::string& kind);
  void require_wrappers() const;

  std::shared_ptr<Registry> registry_;
  std::shared_ptr<State> state_;  // shared with the configurators of includes
  std::string route_prefix_;
  std::vector<int> include_path_;
};

}  // namespace aiopyr

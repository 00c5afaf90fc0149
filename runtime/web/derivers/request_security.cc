#include <aiopyr/runtime/async/fibers/deferred.h>
#include <aiopyr/runtime/web/registry/registry.h>
#include <aiopyr/runtime/web/request/request.h>
#include <aiopyr/runtime/web/security/policy_call.h>

namespace aiopyr {
namespace {

/// Calls `ask(policy)`; returns `fallback` if the app has no policy.
template <class T, class Ask>
Deferred<T> ask_policy(const Request& request, T fallback, Ask ask) {
  const SecurityPolicy* policy = request.registry().security.policy.get();
  if (policy == nullptr) return Deferred<T>(std::move(fallback));
  return detail::call_policy([policy, ask = std::move(ask)]() -> T { return ask(*policy); });
}

}  // namespace

Deferred<Identity> Request::identity() {
  return ask_policy(*this, Identity(),
                    [this](const SecurityPolicy& policy) { return policy.identity(*this); });
}

Deferred<std::optional<std::string>> Request::authenticated_userid() {
  return ask_policy(*this, std::optional<std::string>(), [this](const SecurityPolicy& policy) {
    return policy.authenticated_userid(*this);
  });
}

Deferred<std::optional<std::string>> Request::unauthenticated_userid() {
  return ask_policy(*this, std::optional<std::string>(), [this](const SecurityPolicy& policy) {
    return policy.unauthenticated_userid(*this);
  });
}

Deferred<bool> Request::is_authenticated() {
  return ask_policy(*this, false, [this](const SecurityPolicy& policy) {
    return policy.authenticated_userid(*this).has_value();
  });
}

Deferred<Principals> Request::effective_principals() {
  return ask_policy(*this, Principals{kEveryone}, [this](const SecurityPolicy& policy) {
    return policy.effective_principals(*this);
  });
}

Deferred<PermitsResult> Request::has_permission(std::string permission, Resource* context) {
  if (context == nullptr) context = RequestFindings::context();
  return ask_policy(
      *this, PermitsResult(Allowed("No security policy in use.")),
      [this, context, permission = std::move(permission)](const SecurityPolicy& policy) {
        return policy.permits(*this, context, permission);
      });
}

Deferred<Headers> remember(Request& request, std::string userid, RememberOptions options) {
  return ask_policy(
      request, Headers(),
      [&request, userid = std::move(userid), options = std::move(options)](
          const SecurityPolicy& policy) { return policy.remember(request, userid, options); });
}

Deferred<Headers> forget(Request& request) {
  return ask_policy(request, Headers(),
                    [&request](const SecurityPolicy& policy) { return policy.forget(request); });
}

}  // namespace aiopyr

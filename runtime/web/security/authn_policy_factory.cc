#include <aiopyr/runtime/async/fibers/deferred.h>
#include <aiopyr/runtime/web/security/authn_policy_factory.h>

namespace aiopyr {

Deferred<Headers> CoroutineAuthenticationPolicyProxy::remember(Request& request, std::string userid,
                                                               RememberOptions options) const {
  return detail::call_policy(
      [policy = policy_, &request, userid = std::move(userid), options = std::move(options)] {
        return policy->remember(request, userid, options);
      });
}

Deferred<Headers> CoroutineAuthenticationPolicyProxy::forget(Request& request) const {
  return detail::call_policy([policy = policy_, &request] { return policy->forget(request); });
}

Deferred<std::optional<std::string>> CoroutineAuthenticationPolicyProxy::unauthenticated_userid(
    Request& request) const {
  return detail::call_policy(
      [policy = policy_, &request] { return policy->unauthenticated_userid(request); });
}

Deferred<std::optional<std::string>> CoroutineAuthenticationPolicyProxy::authenticated_userid(
    Request& request) const {
  return detail::call_policy(
      [policy = policy_, &request] { return policy->authenticated_userid(request); });
}

Deferred<Principals> CoroutineAuthenticationPolicyProxy::effective_principals(
    Request& request) const {
  return detail::call_policy(
      [policy = policy_, &request] { return policy->effective_principals(request); });
}

}  // namespace aiopyr

#pragma once

#include <concepts>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <aiopyr/runtime/async/fibers/synchronize.h>
#include <aiopyr/runtime/web/context/security.h>
#include <aiopyr/runtime/web/security/authentication.h>
#include <aiopyr/runtime/web/security/policy_call.h>

/// Authentication policies whose callback is a coroutine: aiopyramid.auth.
namespace aiopyr {

/// A coroutine function that returns the groups of a user, or nullopt:
/// `Task<std::optional<Principals>> get_principals(std::string userid, Request& request)`.
template <class F>
concept PrincipalsCoroutine = CoroutineFunction<const F&, const std::string&, Request&>;

/// An authentication policy whose five functions return a value in framework code, and an awaitable
/// in a coroutine, where the policy runs on a fiber of its own (aiopyramid.auth
/// .CoroutineAuthenticationPolicyProxy). Can be passed to set_authentication_policy. A plain value,
/// cheap to copy.
class CoroutineAuthenticationPolicyProxy {
 public:
  /// Wraps a policy, which is not null.
  explicit CoroutineAuthenticationPolicyProxy(std::shared_ptr<const AuthenticationPolicy> policy)
      : policy_(std::move(policy)) {}

  [[nodiscard]] Deferred<Headers> remember(Request& request, std::string userid,
                                           RememberOptions options = {}) const;
  [[nodiscard]] Deferred<Headers> forget(Request& request) const;
  [[nodiscard]] Deferred<std::optional<std::string>> unauthenticated_userid(Request& request) const;
  [[nodiscard]] Deferred<std::optional<std::string>> authenticated_userid(Request& request) const;
  [[nodiscard]] Deferred<Principals> effective_principals(Request& request) const;

  /// Returns the policy itself, for framework code.
  operator std::shared_ptr<const AuthenticationPolicy>() const { return policy_; }

 private:
  std::shared_ptr<const AuthenticationPolicy> policy_;
};

namespace detail {

template <class Policy>
concept HasOptions = requires {
  typename Policy::Options;
};

}  // namespace detail

/// Returns a policy with options, whose callback is the coroutine:
/// `authn_policy_factory<AuthTktAuthenticationPolicy>(get_principals, {.secret = "sosecret"})`.
template <std::derived_from<AuthenticationPolicy> Policy, PrincipalsCoroutine F>
requires detail::HasOptions<Policy> CoroutineAuthenticationPolicyProxy
authn_policy_factory(F coroutine, typename Policy::Options options) {
  return CoroutineAuthenticationPolicyProxy(
      std::make_shared<const Policy>(std::move(options), synchronize(std::move(coroutine))));
}

/// Returns a policy that takes only the callback.
template <std::derived_from<AuthenticationPolicy> Policy, PrincipalsCoroutine F>
CoroutineAuthenticationPolicyProxy authn_policy_factory(F coroutine) {
  auto callback = synchronize(std::move(coroutine));
  if constexpr (detail::HasOptions<Policy>) {
    return CoroutineAuthenticationPolicyProxy(
        std::make_shared<const Policy>(typename Policy::Options{}, std::move(callback)));
  } else {
    return CoroutineAuthenticationPolicyProxy(std::make_shared<const Policy>(std::move(callback)));
  }
}

/// Returns a policy without a callback, or whose options hold it (BasicAuthAuthenticationPolicy's
/// check).
template <std::derived_from<AuthenticationPolicy> Policy>
CoroutineAuthenticationPolicyProxy authn_policy_factory(std::nullptr_t,
                                                        typename Policy::Options options) {
  return CoroutineAuthenticationPolicyProxy(std::make_shared<const Policy>(std::move(options)));
}

}  // namespace aiopyr

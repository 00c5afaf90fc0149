#pragma once

#include <memory>

#include <aiopyr/runtime/web/context/security.h>

namespace aiopyr {

/// A security policy of two halves, as in Pyramid 1 (pyramid.security.LegacySecurityPolicy): made
/// by set_authentication_policy and set_authorization_policy. The identity is the userid, a
/// std::string.
class LegacySecurityPolicy final : public SecurityPolicy {
 public:
  /// Takes the two halves. Neither is null.
  LegacySecurityPolicy(std::shared_ptr<const AuthenticationPolicy> authentication,
                       std::shared_ptr<const AuthorizationPolicy> authorization)
      : authentication_(std::move(authentication)), authorization_(std::move(authorization)) {}

  [[nodiscard]] Identity identity(Request& request) const override {
    auto userid = authentication_->authenticated_userid(request);
    return userid ? Identity(std::move(*userid)) : Identity();
  }
  [[nodiscard]] std::optional<std::string> authenticated_userid(Request& request) const override {
    return authentication_->authenticated_userid(request);
  }
  [[nodiscard]] PermitsResult permits(Request& request, Resource* context,
                                      std::string_view permission) const override {
    const Principals principals = authentication_->effective_principals(request);
    return authorization_->permits(context, principals, permission);
  }
  [[nodiscard]] Headers remember(Request& request, const std::string& userid,
                                 const RememberOptions& options) const override {
    return authentication_->remember(request, userid, options);
  }
  [[nodiscard]] Headers forget(Request& request) const override {
    return authentication_->forget(request);
  }
  [[nodiscard]] std::optional<std::string> unauthenticated_userid(Request& request) const override {
    return authentication_->unauthenticated_userid(request);
  }
  [[nodiscard]] Principals effective_principals(Request& request) const override {
    return authentication_->effective_principals(request);
  }

 private:
  std::shared_ptr<const AuthenticationPolicy> authentication_;
  std::shared_ptr<const AuthorizationPolicy> authorization_;
};

}  // namespace aiopyr

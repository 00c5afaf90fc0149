#include <utility>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/config/configurator.h>
#include <aiopyr/runtime/web/security/authorization.h>
#include <aiopyr/runtime/web/security/legacy_security_policy.h>

// Implements the security directives: pyramid.config.security. Policies are set before the views
// that they protect are made.
namespace aiopyr {
namespace {

void require_given(bool is_given) {
  if (!is_given) throw ConfigurationError("there is none in it");
}

void require_no_other_policy(const SecuritySettings& security) {
  if (!security.policy) return;
  throw ConfigurationError(
      "an app has either a security policy, or an authentication and an authorization policy, and "
      "this one has the other already");
}

void set_legacy_policy(SecuritySettings& security,
                       std::shared_ptr<const AuthenticationPolicy> policy) {
  require_no_other_policy(security);
  if (!security.authorization_policy) {
    security.authorization_policy = std::make_shared<const ACLAuthorizationPolicy>();
  }
  security.authentication_policy = std::move(policy);
  security.policy = std::make_shared<const LegacySecurityPolicy>(security.authentication_policy,
                                                                 security.authorization_policy);
}

}  // namespace

void Configurator::set_security_policy(std::shared_ptr<const SecurityPolicy> policy, Place where) {
  add_action(detail::Phase::kRoutes, "security policy of the app", where,
             [&security = registry_->security, policy = std::move(policy)] {
               require_given(policy != nullptr);
               require_no_other_policy(security);
               security.policy = policy;
             });
}

void Configurator::set_authentication_policy(std::shared_ptr<const AuthenticationPolicy> policy,
                                             Place where) {
  add_action(detail::Phase::kRoutes, "authentication policy of the app", where,
             [&security = registry_->security, policy = std::move(policy)] {
               require_given(policy != nullptr);
               set_legacy_policy(security, policy);
             });
}

void Configurator::set_authorization_policy(std::shared_ptr<const AuthorizationPolicy> policy,
                                            Place where) {
  add_action(detail::Phase::kSettings, "authorization policy of the app", where,
             [&security = registry_->security, policy = std::move(policy)] {
               require_given(policy != nullptr);
               security.authorization_policy = policy;
             });
  add_action(
      detail::Phase::kViews, "authorization policy and its other half", where,
      [&security = registry_->security] {
        if (security.authentication_policy) return;
        throw ConfigurationError(
            "an authorization policy does nothing without an authentication policy: set that "
            "too (set_authentication_policy)");
      });
}

void Configurator::set_default_permission(std::string permission, Place where) {
  add_action(detail::Phase::kSettings, "default permission of the app", where,
             [&security = registry_->security, permission = std::move(permission)] {
               security.default_permission = permission;
             });
}

void Configurator::set_session_factory(SessionFactory factory, Place where) {
  add_action(detail::Phase::kSettings, "session factory of the app", where,
             [&security = registry_->security, factory = std::move(factory)] {
               require_given(factory != nullptr);
               security.session_factory = factory;
             });
}

void Configurator::set_csrf_storage_policy(std::shared_ptr<const CSRFStoragePolicy> policy,
                                           Place where) {
  add_action(detail::Phase::kSettings, "CSRF storage policy of the app", where,
             [&security = registry_->security, policy = std::move(policy)] {
               require_given(policy != nullptr);
               security.csrf_storage_policy = policy;
             });
}

void Configurator::set_default_csrf_options(CSRFOptions options, Place where) {
  add_action(detail::Phase::kSettings, "default CSRF options of the app", where,
             [&security = registry_->security, options = std::move(options)] {
               security.default_csrf_options = options;
             });
}

}  // namespace aiopyr

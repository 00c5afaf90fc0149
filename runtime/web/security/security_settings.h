#pragma once

#include <memory>
#include <optional>
#include <string>

#include <aiopyr/runtime/web/context/security.h>
#include <aiopyr/runtime/web/request/session.h>
#include <aiopyr/runtime/web/security/csrf_storage.h>

namespace aiopyr {

/// The part of an app's registry that is about security. As the registry, it is written while the
/// app is configured and read-only from then on.
struct SecuritySettings {
  SecuritySettings();

  /// Null: everything is allowed to everybody, and nobody is known.
  std::shared_ptr<const SecurityPolicy> policy;
  /// What `policy` is made of, where it was set in two halves.
  std::shared_ptr<const AuthenticationPolicy> authentication_policy;
  std::shared_ptr<const AuthorizationPolicy> authorization_policy;
  /// The permission of views that name none.
  std::optional<std::string> default_permission;
  /// Empty where the app has no sessions.
  SessionFactory session_factory;
  /// Never null.
  std::shared_ptr<const CSRFStoragePolicy> csrf_storage_policy;
  /// Empty where only views that ask for it are protected.
  std::optional<CSRFOptions> default_csrf_options;
};

}  // namespace aiopyr

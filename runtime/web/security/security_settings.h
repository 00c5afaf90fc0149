#pragma once

#include <memory>
#include <optional>
#include <string>

#include <aiopyr/runtime/web/context/security.h>
#include <aiopyr/runtime/web/request/session.h>
#include <aiopyr/runtime/web/security/csrf_storage.h>

namespace aiopyr {

/// The security part of an app's registry. Like the registry, it is written while the app is
/// configured and read-only from then on.
struct SecuritySettings {
  SecuritySettings();

  /// The policy. Null: everything is allowed to all users, and no user is known.
  std::shared_ptr<const SecurityPolicy> policy;
  /// The two halves of `policy`, if it was set in this way.
  std::shared_ptr<const AuthenticationPolicy> authentication_policy;
  std::shared_ptr<const AuthorizationPolicy> authorization_policy;
  /// The permission of views without one of their own.
  std::optional<std::string> default_permission;
  /// The session factory; empty if the app has no sessions.
  SessionFactory session_factory;
  /// The storage of CSRF tokens. Never null.
  std::shared_ptr<const CSRFStoragePolicy> csrf_storage_policy;
  /// The default options; nullopt if only views with the option are protected.
  std::optional<CSRFOptions> default_csrf_options;
};

}  // namespace aiopyr

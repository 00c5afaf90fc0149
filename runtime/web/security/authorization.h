#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <aiopyr/runtime/web/context/acl.h>
#include <aiopyr/runtime/web/context/permits_result.h>
#include <aiopyr/runtime/web/context/security.h>

/// Decides by the ACLs of resources: pyramid.authorization. On a request's fiber, as ACLs may be
/// synchronized coroutines.
namespace aiopyr {

class Resource;

/// Decides by ACLs, for security policies (pyramid.authorization.ACLHelper).
class ACLHelper {
 public:
  /// Walks from the context to the root. Of each ACL on the way, the first entry that has one of
  /// the principals and the permission decides; a resource without an ACL is skipped. Denied if no
  /// entry decides.
  [[nodiscard]] PermitsResult permits(Resource* context, const Principals& principals,
                                      std::string_view permission) const;

  /// Returns the principals to which an entry allows the permission, unless an entry further down
  /// denies it.
  [[nodiscard]] std::set<std::string> principals_allowed_by_permission(
      Resource* context, std::string_view permission) const;
};

/// Decides by ACLs, as one half of a security policy.
class ACLAuthorizationPolicy final : public AuthorizationPolicy {
 public:
  [[nodiscard]] PermitsResult permits(Resource* context, const Principals& principals,
                                      std::string_view permission) const override {
    return helper_.permits(context, principals, permission);
  }
  [[nodiscard]] std::set<std::string> principals_allowed_by_permission(
      Resource* context, std::string_view permission) const override {
    return helper_.principals_allowed_by_permission(context, permission);
  }

 private:
  ACLHelper helper_;
};

}  // namespace aiopyr

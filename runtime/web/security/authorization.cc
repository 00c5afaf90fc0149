#include <algorithm>
#include <memory>

#include <aiopyr/runtime/web/context/resource.h>
#include <aiopyr/runtime/web/security/authorization.h>
#include <aiopyr/runtime/web/traversal/traversal.h>

namespace aiopyr {
namespace {

bool has(const Principals& principals, const std::string& principal) noexcept {
  return std::find(principals.begin(), principals.end(), principal) != principals.end();
}

const Ace* find_ace(const Acl& acl, const Principals& principals, std::string_view permission) {
  const auto found = std::find_if(acl.begin(), acl.end(), [&](const Ace& ace) {
    return has(principals, ace.principal) && ace.permissions.contains(permission);
  });
  return found == acl.end() ? nullptr : &*found;
}

/// Updates the principals that the ACLs above allow by one ACL. Within one ACL the first entry
/// about a principal counts, as in permits().
void apply(const Acl& acl, std::string_view permission, std::set<std::string>& allowed) {
  std::set<std::string> allowed_here;
  std::set<std::string> denied_here;
  for (const Ace& ace : acl) {
    if (!ace.permissions.contains(permission)) continue;
    if (ace.action == kAllow) {
      if (!denied_here.contains(ace.principal)) allowed_here.insert(ace.principal);
      continue;
    }
    denied_here.insert(ace.principal);
    if (ace.principal == kEveryone) {
      allowed.clear();
      break;
    }
    allowed.erase(ace.principal);
  }
  allowed.merge(allowed_here);
}

/// Returns the lineage of a resource; empty for null.
std::vector<std::shared_ptr<Resource>> places_of(Resource* context) {
  return context == nullptr ? std::vector<std::shared_ptr<Resource>>() : lineage(*context);
}

}  // namespace

PermitsResult ACLHelper::permits(Resource* context, const Principals& principals,
                                 std::string_view permission) const {
  PermitsResult::AclDecision decision;
  decision.permission = permission;
  decision.principals = principals;
  decision.context = context;
  for (const auto& location : places_of(context)) {
    std::optional<Acl> acl = location->acl();
    if (!acl) continue;
    const Ace* ace = find_ace(*acl, principals, permission);
    if (ace != nullptr) {
      decision.ace = *ace;
      decision.context = location.get();
    }
    decision.acl = std::move(acl);
    if (!decision.ace) continue;
    if (decision.ace->action == kAllow) return ACLAllowed(std::move(decision));
    return ACLDenied(std::move(decision));
  }
  return ACLDenied(std::move(decision));
}

std::set<std::string> ACLHelper::principals_allowed_by_permission(
    Resource* context, std::string_view permission) const {
  auto locations = places_of(context);
  std::reverse(locations.begin(), locations.end());
  std::set<std::string> allowed;
  for (const auto& location : locations) {
    if (const std::optional<Acl> acl = location->acl()) apply(*acl, permission, allowed);
  }
  return allowed;
}

}  // namespace aiopyr

#include <string_view>
#include <typeinfo>

#include <aiopyr/runtime/base/describe.h>
#include <aiopyr/runtime/base/join.h>
#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/web/context/permits_result.h>
#include <aiopyr/runtime/web/context/resource.h>

namespace aiopyr {
namespace {

std::string in_quotes(std::string_view text) { return "'" + printable(text) + "'"; }

std::string show(const Permissions& permissions) {
  if (permissions.is_all()) return "ALL_PERMISSIONS";
  if (permissions.names().size() == 1) return in_quotes(permissions.names()[0]);
  return "(" + join(permissions.names(), ", ", in_quotes) + ")";
}

std::string show(const Ace& ace) {
  return std::string(ace.action == kAllow ? "('Allow', " : "('Deny', ") + in_quotes(ace.principal) +
         ", " + show(ace.permissions) + ")";
}

std::string show(const std::optional<Acl>& acl) {
  if (!acl) return "'<No ACL found on any object in resource lineage>'";
  return "[" + join(*acl, ", ", [](const Ace& ace) { return show(ace); }) + "]";
}

std::string show(const Resource* context) {
  if (context == nullptr) return "None";
  return "<" + type_name(typeid(*context)) + " " + in_quotes(context->name()) + ">";
}

/// Describes a decision in the words of pyramid.security.ACLPermitsResult.
std::string describe_decision(bool allowed, const PermitsResult::AclDecision& decision) {
  return std::string(allowed ? "ACLAllowed" : "ACLDenied") + " permission " +
         in_quotes(decision.permission) + " via ACE " +
         (decision.ace ? show(*decision.ace) : "'<default deny>'") + " in ACL " +
         show(decision.acl) + " on context " + show(decision.context) + " for principals [" +
         join(decision.principals, ", ", in_quotes) + "]";
}

}  // namespace

PermitsResult::PermitsResult(bool allowed, AclDecision decision)
    : allowed_(allowed), decision_(std::make_shared<const AclDecision>(std::move(decision))) {}

std::string PermitsResult::msg() const {
  return decision_ ? describe_decision(allowed_, *decision_) : message_;
}

const PermitsResult::AclDecision& PermitsResult::decision() const noexcept {
  static const AclDecision kNone;
  return decision_ ? *decision_ : kNone;
}

}  // namespace aiopyr

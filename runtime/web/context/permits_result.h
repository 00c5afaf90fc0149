#pragma once

#include <memory>
#include <optional>
#include <string>

#include <aiopyr/runtime/web/context/acl.h>

/// The answer of a security policy: yes or no, and why. Plain values, cheap to copy; any thread.
namespace aiopyr {

/// The base of Allowed, Denied, ACLAllowed and ACLDenied (pyramid.security.PermitsResult): true or
/// false, with a message. The ACL's part is empty unless an ACL decided.
class PermitsResult {
 public:
  [[nodiscard]] explicit operator bool() const noexcept { return allowed_; }

  /// Returns the reason, for a log or an error page: it names the ACE, the ACL and the principals.
  [[nodiscard]] std::string msg() const;

  /// Returns whether an ACL decided.
  [[nodiscard]] bool is_acl_result() const noexcept { return decision_ != nullptr; }
  /// Returns the entry that decided; nullopt if none matched, which denies.
  [[nodiscard]] const std::optional<Ace>& ace() const noexcept { return decision().ace; }
  /// Returns the list of that entry, or the last one that was tried; nullopt if there was no list.
  [[nodiscard]] const std::optional<Acl>& acl() const noexcept { return decision().acl; }
  [[nodiscard]] const std::string& permission() const noexcept { return decision().permission; }
  [[nodiscard]] const Principals& principals() const noexcept { return decision().principals; }
  /// Returns the resource of that ACL, or the context that was asked about. Not owned.
  [[nodiscard]] Resource* context() const noexcept { return decision().context; }

  /// The details of an ACL's decision.
  struct AclDecision {
    std::optional<Ace> ace{};
    std::optional<Acl> acl{};
    std::string permission{};
    Principals principals{};
    Resource* context = nullptr;
  };

 protected:
  PermitsResult(bool allowed, std::string message)
      : allowed_(allowed), message_(std::move(message)) {}
  PermitsResult(bool allowed, AclDecision decision);

 private:
  [[nodiscard]] const AclDecision& decision() const noexcept;

  bool allowed_;
  std::string message_;
  std::shared_ptr<const AclDecision> decision_;
};

/// Allowed for a reason other than an ACL.
struct Allowed : PermitsResult {
  explicit Allowed(std::string message) : PermitsResult(true, std::move(message)) {}
};

/// Denied for a reason other than an ACL.
struct Denied : PermitsResult {
  explicit Denied(std::string message) : PermitsResult(false, std::move(message)) {}
};

struct ACLAllowed : PermitsResult {
  explicit ACLAllowed(AclDecision decision) : PermitsResult(true, std::move(decision)) {}
};

struct ACLDenied : PermitsResult {
  explicit ACLDenied(AclDecision decision) : PermitsResult(false, std::move(decision)) {}
};

}  // namespace aiopyr

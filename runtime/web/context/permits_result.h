#pragma once

#include <memory>
#include <optional>
#include <string>

#include <aiopyr/runtime/web/context/acl.h>

/// What a security policy answers: yes or no, and why. Plain values, cheap to copy; any thread.
namespace aiopyr {

/// One of Allowed, Denied, ACLAllowed, ACLDenied (pyramid.security.PermitsResult): true or false,
/// with a message. The part about the ACL says something only where an ACL decided.
class PermitsResult {
 public:
  [[nodiscard]] explicit operator bool() const noexcept { return allowed_; }

  /// Why, for a log or an error page: it names the ACE, the ACL and the principals.
  [[nodiscard]] std::string msg() const;

  /// Whether an ACL decided.
  [[nodiscard]] bool is_acl_result() const noexcept { return decision_ != nullptr; }
  /// The entry that decided; none where none fitted, which denies.
  [[nodiscard]] const std::optional<Ace>& ace() const noexcept { return decision().ace; }
  /// The list that the entry is in, or the last one that was asked; none where there was no list.
  [[nodiscard]] const std::optional<Acl>& acl() const noexcept { return decision().acl; }
  [[nodiscard]] const std::string& permission() const noexcept { return decision().permission; }
  [[nodiscard]] const Principals& principals() const noexcept { return decision().principals; }
  /// Whose ACL it is, or the context that was asked about. Not owned.
  [[nodiscard]] Resource* context() const noexcept { return decision().context; }

  /// What an ACL's result knows.
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

/// Allowed for a reason that is no ACL's.
struct Allowed : PermitsResult {
  explicit Allowed(std::string message) : PermitsResult(true, std::move(message)) {}
};

/// Denied for a reason that is no ACL's.
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

#pragma once

#include <algorithm>
#include <concepts>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The words of access control lists, as pyramid.authorization has them: principals, permissions,
/// ACEs. Plain values; any thread. What decides by them is authorization.h.
namespace aiopyr {

class Resource;

/// The names of those who ask: a user's id, its groups, and the two below.
using Principals = std::vector<std::string>;

/// The principal that everybody has.
inline constexpr const char* kEveryone = "system.Everyone";
/// The principal of everybody whose userid is known.
inline constexpr const char* kAuthenticated = "system.Authenticated";

/// What kAllPermissions is.
struct AllPermissions {};
/// Every permission there is (ALL_PERMISSIONS).
inline constexpr AllPermissions kAllPermissions{};

/// What an ACE is about: one permission, several, or kAllPermissions.
class Permissions {
 public:
  Permissions(const char* permission) : names_{std::string(permission)} {}
  Permissions(std::string permission) { names_.push_back(std::move(permission)); }
  Permissions(std::initializer_list<std::string> names) : names_(names) {}
  Permissions(std::vector<std::string> names) : names_(std::move(names)) {}
  Permissions(AllPermissions) : all_(true) {}

  [[nodiscard]] bool is_all() const noexcept { return all_; }
  [[nodiscard]] const std::vector<std::string>& names() const noexcept { return names_; }
  [[nodiscard]] bool contains(std::string_view permission) const noexcept {
    return all_ || std::find(names_.begin(), names_.end(), permission) != names_.end();
  }

  friend bool operator==(const Permissions&, const Permissions&) = default;

 private:
  bool all_ = false;
  std::vector<std::string> names_;
};

enum class AceAction { kAllow, kDeny };
inline constexpr AceAction kAllow = AceAction::kAllow;
inline constexpr AceAction kDeny = AceAction::kDeny;

/// An access control entry: `{kAllow, "group:editors", "edit"}`.
struct Ace {
  AceAction action;
  std::string principal;
  Permissions permissions;

  friend bool operator==(const Ace&, const Ace&) = default;
};

/// The entries in the order in which they are asked; the first that fits decides.
using Acl = std::vector<Ace>;

/// The entry at the end of an ACL that shuts out what its parents would allow (DENY_ALL).
inline const Ace kDenyAll{kDeny, kEveryone, kAllPermissions};

/// Where a resource has its ACL from, as Pyramid's `__acl__`: the ACL itself, or a callable that
/// gives one (or std::nullopt, for none), with the resource as its argument or without. A
/// synchronized coroutine is such a callable.
///
/// It is asked on the fiber of each request that needs to know, so for several requests at a time.
class AclSource {
 public:
  AclSource() = default;
  AclSource(Acl acl) : source_([acl = std::move(acl)](Resource&) { return acl; }) {}
  AclSource(std::initializer_list<Ace> acl) : AclSource(Acl(acl)) {}
  template <class F>
  requires std::is_invocable_r_v < std::optional<Acl>,
  const F&, Resource& > AclSource(F f) : source_(std::move(f)) {}
  template <class F>
  requires std::is_invocable_r_v < std::optional<Acl>,
  const F& > AclSource(F f) : source_([f = std::move(f)](Resource&) { return f(); }) {}

  /// The resource's ACL; none where there is no source. Throws what the callable does.
  [[nodiscard]] std::optional<Acl> operator()(Resource& resource) const {
    return source_ ? source_(resource) : std::nullopt;
  }

 private:
  std::function<std::optional<Acl>(Resource&)> source_;
};

}  // namespace aiopyr

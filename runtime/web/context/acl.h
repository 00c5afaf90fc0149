#pragma once

#include <concepts>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The terms of access control lists, as in pyramid.authorization: principals, permissions, ACEs.
/// Plain values; any thread. authorization.h decides by them.
namespace aiopyr {

class Resource;

/// The names that a user acts under: its id, its groups, and the two below.
using Principals = std::vector<std::string>;

/// The principal that every user has.
inline constexpr const char* kEveryone = "system.Everyone";
/// The principal of every user whose userid is known.
inline constexpr const char* kAuthenticated = "system.Authenticated";

/// The type of kAllPermissions.
struct AllPermissions {};
/// Stands for every permission (ALL_PERMISSIONS).
inline constexpr AllPermissions kAllPermissions{};

/// The permissions of an ACE: one, several, or kAllPermissions.
class Permissions {
 public:
  Permissions(const char* permission);
  Permissions(std::string permission);
  Permissions(std::initializer_list<std::string> names);
  Permissions(std::vector<std::string> names);
  Permissions(AllPermissions) noexcept;
  Permissions(const Permissions& other);
  Permissions(Permissions&& other) noexcept;
  Permissions& operator=(const Permissions& other);
  Permissions& operator=(Permissions&& other) noexcept;
  ~Permissions();

  [[nodiscard]] bool is_all() const noexcept { return all_; }
  [[nodiscard]] const std::vector<std::string>& names() const noexcept { return names_; }
  [[nodiscard]] bool contains(std::string_view permission) const noexcept;

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

/// The entries in the order in which they are tried; the first match decides.
using Acl = std::vector<Ace>;

/// The entry at the end of an ACL that denies what its parents would allow (DENY_ALL).
inline const Ace kDenyAll{kDeny, kEveryone, kAllPermissions};

/// The source of a resource's ACL, as Pyramid's `__acl__`: the ACL itself, or a callable that
/// returns one (or std::nullopt, for none), with the resource as its argument or without. A
/// synchronized coroutine is such a callable.
///
/// It is called on the fiber of each request that needs it, so for several requests at a time.
class AclSource {
 public:
  AclSource() = default;
  AclSource(Acl acl);
  AclSource(std::initializer_list<Ace> acl);
  template <class F>
  requires std::is_invocable_r_v < std::optional<Acl>,
  const F&, Resource& > AclSource(F f) : source_(std::move(f)) {}
  template <class F>
  requires std::is_invocable_r_v < std::optional<Acl>,
  const F& > AclSource(F f) : source_([f = std::move(f)](Resource&) { return f(); }) {}

  /// Returns the resource's ACL; nullopt if there is no source. Throws what the callable throws.
  [[nodiscard]] std::optional<Acl> operator()(Resource& resource) const;

 private:
  std::function<std::optional<Acl>(Resource&)> source_;
};

}  // namespace aiopyr

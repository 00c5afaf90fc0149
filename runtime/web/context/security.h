#pragma once

#include <any>
#include <chrono>
#include <concepts>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <aiopyr/runtime/async/fibers/deferred.h>
#include <aiopyr/runtime/web/context/acl.h>
#include <aiopyr/runtime/web/context/permits_result.h>
#include <aiopyr/runtime/web/http/headers.h>
#include <aiopyr/runtime/web/json/json.h>

/// The user of a request and its permissions: pyramid.security and the interfaces of policies.
///
/// Policies belong to the app's registry and serve all requests. Their methods are called on a
/// request's fiber, where they may call synchronized functions. The one exception: a plain view in
/// an executor thread that asks for its user calls them in that thread, where nothing can be
/// synchronized.
namespace aiopyr {

class Request;
class Resource;

/// The identity behind a request, of a type that the policy chooses; empty if unknown.
using Identity = std::any;

/// The type of a userid in the other programs that share the cookies: Python's str, int or bytes.
/// Here it is always a string, an integer in decimal.
enum class UseridType { kText, kInt, kBytes };

/// The keyword arguments of Pyramid's remember().
struct RememberOptions {
  std::optional<std::chrono::seconds> max_age{};  ///< of the cookie; otherwise the policy's
  std::vector<std::string> tokens{};              ///< ^[A-Za-z][A-Za-z0-9+_-]*$ each
  UseridType userid_type = UseridType::kText;
  Json more{};  ///< for custom policies
};

/// Identifies users and decides on permissions: pyramid.interfaces.ISecurityPolicy.
class SecurityPolicy {
 public:
  virtual ~SecurityPolicy() = default;

  [[nodiscard]] virtual Identity identity(Request& request) const = 0;
  [[nodiscard]] virtual std::optional<std::string> authenticated_userid(Request& request) const = 0;
  /// Decides on a permission. `context` is null for a request that was not traversed yet.
  [[nodiscard]] virtual PermitsResult permits(Request& request, Resource* context,
                                              std::string_view permission) const = 0;
  /// Returns the headers of a response that make the client remember the user.
  [[nodiscard]] virtual Headers remember(Request& request, const std::string& userid,
                                         const RememberOptions& options) const = 0;
  [[nodiscard]] virtual Headers forget(Request& request) const = 0;

  // The parts that only authentication policies distinguish.

  /// Returns the userid that the request claims, unchecked.
  [[nodiscard]] virtual std::optional<std::string> unauthenticated_userid(Request& request) const {
    return authenticated_userid(request);
  }
  [[nodiscard]] virtual Principals effective_principals(Request&) const { return {kEveryone}; }
};

/// Pyramid 1's first half of a security policy: identifies users
/// (pyramid.interfaces.IAuthenticationPolicy).
class AuthenticationPolicy {
 public:
  virtual ~AuthenticationPolicy() = default;

  [[nodiscard]] virtual std::optional<std::string> unauthenticated_userid(
      Request& request) const = 0;
  [[nodiscard]] virtual std::optional<std::string> authenticated_userid(Request& request) const = 0;
  [[nodiscard]] virtual Principals effective_principals(Request& request) const = 0;
  [[nodiscard]] virtual Headers remember(Request& request, const std::string& userid,
                                         const RememberOptions& options) const = 0;
  [[nodiscard]] virtual Headers forget(Request& request) const = 0;
};

/// The other half: decides on permissions (pyramid.interfaces.IAuthorizationPolicy).
class AuthorizationPolicy {
 public:
  virtual ~AuthorizationPolicy() = default;

  [[nodiscard]] virtual PermitsResult permits(Resource* context, const Principals& principals,
                                              std::string_view permission) const = 0;
  [[nodiscard]] virtual std::set<std::string> principals_allowed_by_permission(
      Resource* context, std::string_view permission) const = 0;
};

/// Return the headers that make the client remember this user, or forget it; empty if the app has
/// no policy. Add them to the response that is returned: `response.headers().extend()`.
///
/// The result is a value in framework code and in plain views, and is awaited in coroutines, as
/// that of Request::authenticated_userid() and similar functions. The request outlives the
/// Deferred.
[[nodiscard]] Deferred<Headers> remember(Request& request, std::string userid,
                                         RememberOptions options = {});
/// Returns the headers for an integer userid.
template <std::integral I>
[[nodiscard]] Deferred<Headers> remember(Request& request, I userid, RememberOptions options = {}) {
  options.userid_type = UseridType::kInt;
  return remember(request, std::to_string(userid), std::move(options));
}
[[nodiscard]] Deferred<Headers> forget(Request& request);

}  // namespace aiopyr

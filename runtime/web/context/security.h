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

/// Who asks and what they may: pyramid.security and the interfaces of policies.
///
/// Policies belong to the app's registry and serve all requests; their methods are called on a
/// request's fiber, where they may call synchronized functions. Only a plain view in an executor
/// thread that asks for its user has them called in that thread, where nothing can be synchronized.
namespace aiopyr {

class Request;
class Resource;

/// Whom a request is from: whatever the policy wants it to be; empty for nobody.
using Identity = std::any;

/// What a userid is in the other programs that share the cookies: Python's str, int or bytes. Here
/// it is a string in any case, an integer in decimal.
enum class UseridType { kText, kInt, kBytes };

/// The keyword arguments of Pyramid's remember().
struct RememberOptions {
  std::optional<std::chrono::seconds> max_age{};  ///< of the cookie; else the policy's
  std::vector<std::string> tokens{};              ///< ^[A-Za-z][A-Za-z0-9+_-]*$ each
  UseridType userid_type = UseridType::kText;
  Json more{};  ///< for policies of one's own
};

/// Who asks, and what they may: pyramid.interfaces.ISecurityPolicy.
class SecurityPolicy {
 public:
  virtual ~SecurityPolicy() = default;

  [[nodiscard]] virtual Identity identity(Request& request) const = 0;
  [[nodiscard]] virtual std::optional<std::string> authenticated_userid(Request& request) const = 0;
  /// `context` may be null: a request that was not traversed yet.
  [[nodiscard]] virtual PermitsResult permits(Request& request, Resource* context,
                                              std::string_view permission) const = 0;
  /// The headers with which a response lets the client remember.
  [[nodiscard]] virtual Headers remember(Request& request, const std::string& userid,
                                         const RememberOptions& options) const = 0;
  [[nodiscard]] virtual Headers forget(Request& request) const = 0;

  // What only authentication policies tell apart.

  /// The userid that the request claims.
  [[nodiscard]] virtual std::optional<std::string> unauthenticated_userid(Request& request) const {
    return authenticated_userid(request);
  }
  [[nodiscard]] virtual Principals effective_principals(Request&) const { return {kEveryone}; }
};

/// Pyramid 1's half of a security policy: who asks (pyramid.interfaces.IAuthenticationPolicy).
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

/// The other half: what principals may (pyramid.interfaces.IAuthorizationPolicy).
class AuthorizationPolicy {
 public:
  virtual ~AuthorizationPolicy() = default;

  [[nodiscard]] virtual PermitsResult permits(Resource* context, const Principals& principals,
                                              std::string_view permission) const = 0;
  [[nodiscard]] virtual std::set<std::string> principals_allowed_by_permission(
      Resource* context, std::string_view permission) const = 0;
};

/// The headers that make the client remember this user, and those that make it forget; none where
/// the app has no policy. Add them to the response that is returned: `response.headers().extend()`.
///
/// A value in framework code and in plain views, to be awaited in coroutines, as is what
/// Request::authenticated_userid() and its neighbours give. The request outlives the Deferred.
[[nodiscard]] Deferred<Headers> remember(Request& request, std::string userid,
                                         RememberOptions options = {});
/// The same for an integer.
template <std::integral I>
[[nodiscard]] Deferred<Headers> remember(Request& request, I userid, RememberOptions options = {}) {
  options.userid_type = UseridType::kInt;
  return remember(request, std::to_string(userid), std::move(options));
}
[[nodiscard]] Deferred<Headers> forget(Request& request);

}  // namespace aiopyr

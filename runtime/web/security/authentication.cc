#include <algorithm>
#include <iterator>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/base/parse_number.h>
#include <aiopyr/runtime/web/request/request.h>
#include <aiopyr/runtime/web/security/authentication.h>

namespace aiopyr {
namespace {

/// Converts a userid to JSON. Integers that do not fit into 64 bits stay text, so that they cannot
/// become the id of another user.
Json integer_or_text(const std::string& userid) {
  if (const auto number = parse_number<long long>(userid)) return *number;
  if (const auto number = parse_number<unsigned long long>(userid)) return *number;
  return userid;
}

}  // namespace

/// A user that the callback knows.
struct CallbackAuthenticationPolicy::User {
  std::string userid;
  Principals groups;
};

std::optional<CallbackAuthenticationPolicy::User> CallbackAuthenticationPolicy::find_user(
    Request& request) const {
  std::optional<std::string> userid = unauthenticated_userid(request);
  if (!userid || *userid == kEveryone || *userid == kAuthenticated) return std::nullopt;
  std::optional<Principals> groups = callback(*userid, request);
  if (!groups) return std::nullopt;
  return User{std::move(*userid), std::move(*groups)};
}

std::optional<Principals> CallbackAuthenticationPolicy::callback(const std::string& userid,
                                                                 Request& request) const {
  return callback_ ? callback_(userid, request) : Principals();
}

std::optional<std::string> CallbackAuthenticationPolicy::authenticated_userid(
    Request& request) const {
  std::optional<User> user = find_user(request);
  if (!user) return std::nullopt;
  return std::move(user->userid);
}

Principals CallbackAuthenticationPolicy::effective_principals(Request& request) const {
  std::optional<User> user = find_user(request);
  if (!user) return {kEveryone};
  Principals principals;
  principals.reserve(3 + user->groups.size());
  principals.emplace_back(kEveryone);
  principals.emplace_back(kAuthenticated);
  principals.push_back(std::move(user->userid));
  std::move(user->groups.begin(), user->groups.end(), std::back_inserter(principals));
  return principals;
}

std::optional<std::string> AuthTktAuthenticationPolicy::unauthenticated_userid(
    Request& request) const {
  std::optional<AuthTktIdentity> identity = cookie_.identify(request);
  if (!identity) return std::nullopt;
  return std::move(identity->userid);
}

Headers SessionAuthenticationHelper::remember(Request& request, const std::string& userid,
                                              const RememberOptions& options) const {
  const bool is_integer = options.userid_type == UseridType::kInt;
  request.session()[userid_key_] = is_integer ? integer_or_text(userid) : Json(userid);
  return {};
}

Headers SessionAuthenticationHelper::forget(Request& request) const {
  Session& session = request.session();
  if (session.contains(userid_key_)) session.erase(userid_key_);
  return {};
}

std::optional<std::string> SessionAuthenticationHelper::authenticated_userid(
    Request& request) const {
  const Json* userid = request.session().find(userid_key_);
  if (userid == nullptr) return std::nullopt;
  if (userid->is_string()) return userid->get<std::string>();
  if (userid->is_number_integer()) return userid->dump();
  return std::nullopt;
}

std::optional<std::string> RemoteUserAuthenticationPolicy::unauthenticated_userid(
    Request& request) const {
  const std::string_view user = request.environ().get(environ_key_);
  if (user.empty()) return std::nullopt;
  return std::string(user);
}

}  // namespace aiopyr

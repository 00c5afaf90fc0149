#include "security.h"

#include <chrono>

#include "../shared/settings.h"
#include "../shared/userids.h"
#include "store.h"

namespace wiki {

using namespace aiopyr;

namespace {

using namespace std::chrono_literals;

constexpr const char* kUser = "wiki.user";

/// Returns the principals of a userid in a cookie: the callback of the authentication policy. It is
/// called for every question about the user, and queries the database only for the first one.
Task<std::optional<Principals>> get_principals(std::string userid, Request& request) {
  auto known = request.attributes().find(kUser);
  if (known == request.attributes().end()) {
    std::optional<User> user = co_await store_of(request).find_user(shared::to_id(userid));
    known = request.attributes().emplace(kUser, std::move(user)).first;
  }
  const auto& user = std::any_cast<const std::optional<User>&>(known->second);
  if (!user) co_return std::nullopt;
  co_return Principals{user_principal(user->id), role_principal(user->role)};
}

}  // namespace

std::string user_principal(std::int64_t id) { return "u:" + std::to_string(id); }

std::string role_principal(const std::string& role) { return "role:" + role; }

Task<std::optional<User>> current_user(Request& request) {
  const std::optional<std::string> userid = co_await request.authenticated_userid();
  if (!userid) co_return std::nullopt;
  co_return std::any_cast<const std::optional<User>&>(request.attributes().at(kUser));
}

void include_security(Configurator& config) {
  config.set_authentication_policy(authn_policy_factory<AuthTktAuthenticationPolicy>(
      get_principals, {.secret = shared::required_setting(config, "auth.secret"),
                       .timeout = 12h,
                       .reissue_time = 1h,
                       .http_only = true,
                       .wild_domain = false,
                       .hashalg = "sha512"}));
  config.set_csrf_storage_policy(CookieCSRFStoragePolicy());
  config.set_default_csrf_options();
}

}  // namespace wiki

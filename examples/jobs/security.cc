#include "security.h"

#include <chrono>
#include <utility>

#include "../shared/settings.h"
#include "../shared/userids.h"
#include "database.h"

namespace jobs {

using namespace aiopyr;

namespace {

using namespace std::chrono_literals;

constexpr const char* kUser = "jobs.user";

/// Returns the principals of the userid in a session: the callback of the authentication policy. It
/// is called for every question about the user, and queries the database only for the first one.
Task<std::optional<Principals>> get_principals(std::string userid, Request& request) {
  auto known = request.attributes().find(kUser);
  if (known == request.attributes().end()) {
    std::optional<User> user = co_await find_user(database(request), shared::to_id(userid));
    known = request.attributes().emplace(kUser, std::move(user)).first;
  }
  const auto& user = std::any_cast<const std::optional<User>&>(known->second);
  if (!user) co_return std::nullopt;
  co_return Principals{user_principal(user->id)};
}

}  // namespace

std::string user_principal(std::int64_t id) { return "user:" + std::to_string(id); }

Task<std::optional<User>> current_user(Request& request) {
  const std::optional<std::string> userid = co_await request.authenticated_userid();
  if (!userid) co_return std::nullopt;
  co_return std::any_cast<const std::optional<User>&>(request.attributes().at(kUser));
}

void forget_current_user(Request& request) {
  request.attributes().insert_or_assign(kUser, std::optional<User>());
}

void include_security(Configurator& config) {
  config.set_session_factory(
      SignedCookieSessionFactory({.secret = shared::required_setting(config, "auth.secret"),
                                  .httponly = true,
                                  .timeout = 12h,
                                  .reissue_time = 1h}));
  config.set_authentication_policy(
      authn_policy_factory<SessionAuthenticationPolicy>(get_principals, {}));
  config.set_default_csrf_options();
}

}  // namespace jobs

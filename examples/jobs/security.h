#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "users/users.h"
#include <aiopyr/aiopyr.h>

namespace jobs {

/// Returns the name of a user in access control lists.
[[nodiscard]] std::string user_principal(std::int64_t id);

/// Returns the request's user, if known; queried once in a request.
[[nodiscard]] aiopyr::Task<std::optional<User>> current_user(aiopyr::Request& request);

/// Lets current_user() be nobody from now on, for the page that says that the database is away.
void forget_current_user(aiopyr::Request& request);

/// Configures sessions in a signed cookie, which also say who is logged in; permissions by access
/// control lists; forms by a token in the session. Needs the setting auth.secret.
void include_security(aiopyr::Configurator& config);

}  // namespace jobs

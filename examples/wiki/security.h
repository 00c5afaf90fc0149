#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "models.h"
#include <aiopyr/aiopyr.h>

namespace wiki {

/// Return the names of users and roles in access control lists.
[[nodiscard]] std::string user_principal(std::int64_t id);
[[nodiscard]] std::string role_principal(const std::string& role);

/// Returns the request's user, if known; queried once in a request.
[[nodiscard]] aiopyr::Task<std::optional<User>> current_user(aiopyr::Request& request);

/// Configures users by a signed cookie, permissions by access control lists, forms by a token in a
/// cookie. Needs the setting auth.secret.
void include_security(aiopyr::Configurator& config);

}  // namespace wiki

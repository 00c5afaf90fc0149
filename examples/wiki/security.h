#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "models.h"
#include <aiopyr/aiopyr.h>

namespace wiki {

/// The names that access control lists have for users and roles.
[[nodiscard]] std::string user_principal(std::int64_t id);
[[nodiscard]] std::string role_principal(const std::string& role);

/// Who asks, if that is known; asked for once in a request.
[[nodiscard]] aiopyr::Task<std::optional<User>> current_user(aiopyr::Request& request);

/// Users by a signed cookie, permissions by access control lists, forms by a token in a cookie.
/// Needs the setting auth.secret.
void include_security(aiopyr::Configurator& config);

}  // namespace wiki

#pragma once

#include <string>

/// Passwords are hashed with argon2id, by libsodium. Both functions take about a tenth of a second
/// and 64 MiB on purpose: call them in an executor that has few threads (accounts.h does).
namespace wiki {

/// Returns a hash with its salt and its parameters, as text. Throws std::bad_alloc if memory is
/// short.
[[nodiscard]] std::string hash_password(const std::string& password);

/// Returns whether it is the password of this hash. An empty hash, that of an unknown user, matches
/// none; that takes as long as with any other.
[[nodiscard]] bool check_password(const std::string& hash, const std::string& password);

}  // namespace wiki

#pragma once

#include <functional>
#include <string>

#include <aiopyr/async.h>

/// Passwords are hashed with argon2id, by libsodium.
namespace shared {

// Both take about a tenth of a second and 64 MiB on purpose: use PasswordTasks on the loop.

/// Returns a hash with its salt and its parameters, as text. Throws std::bad_alloc if memory is
/// short.
[[nodiscard]] std::string hash_password(const std::string& password);

/// Returns whether it is the password of this hash. An empty hash, that of an unknown user, matches
/// none; that takes as long as with any other.
[[nodiscard]] bool check_password(const std::string& hash, const std::string& password);

/// The same two as coroutine functions, in a pool of two threads, which bounds the memory. Where a
/// hundred wait already they throw ExecutorFullError. One for the whole app.
struct PasswordTasks {
  PasswordTasks();

  std::function<aiopyr::Task<std::string>(std::string password)> hash;
  std::function<aiopyr::Task<bool>(std::string hash, std::string password)> check;
};

}  // namespace shared

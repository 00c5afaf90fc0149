#include "passwords.h"

#include <array>
#include <memory>
#include <new>
#include <sodium.h>

namespace shared {

using namespace aiopyr;

namespace {

void require_sodium() {
  static const bool is_ready = sodium_init() >= 0;
  if (!is_ready) throw std::bad_alloc();
}

/// Returns the hash with which the password of an unknown user is compared; it belongs to no user.
const std::string& nobodys_hash() {
  static const std::string hash = [] {
    std::array<unsigned char, 32> password{};
    randombytes_buf(password.data(), password.size());
    return hash_password(std::string(password.begin(), password.end()));
  }();
  return hash;
}

}  // namespace

std::string hash_password(const std::string& password) {
  require_sodium();
  std::array<char, crypto_pwhash_STRBYTES> hash{};
  if (crypto_pwhash_str(hash.data(), password.data(), password.size(),
                        crypto_pwhash_OPSLIMIT_INTERACTIVE,
                        crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0) {
    throw std::bad_alloc();
  }
  return hash.data();
}

bool check_password(const std::string& hash, const std::string& password) {
  require_sodium();
  const std::string& expected = hash.empty() ? nobodys_hash() : hash;
  const bool is_right =
      crypto_pwhash_str_verify(expected.c_str(), password.data(), password.size()) == 0;
  return is_right && !hash.empty();
}

PasswordTasks::PasswordTasks() {
  const auto threads =
      std::make_shared<Executor>(Executor::Options{.threads = 2, .queue_limit = 100});
  hash = use_executor(hash_password, threads);
  check = use_executor(check_password, threads);
}

}  // namespace shared

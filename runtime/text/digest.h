#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

/// Hashes, signatures and random tokens, by OpenSSL. Any thread.
namespace aiopyr {

/// A hash algorithm by its name in Python's hashlib: "sha512", "md5", "sha3_256", "blake2b", and
/// any other that OpenSSL knows with a digest of fixed size. A plain value, cheap to copy.
class HashAlgorithm {
 public:
  /// Throws ConfigurationError if OpenSSL has no algorithm of that name.
  explicit HashAlgorithm(std::string_view name);

  /// Returns the size of a digest in bytes.
  [[nodiscard]] std::size_t digest_size() const noexcept { return size_; }
  /// Returns the digest in lower-case hexadecimal: twice digest_size() characters.
  [[nodiscard]] std::string hexdigest(std::string_view data) const;
  /// Returns the HMAC (RFC 2104): digest_size() bytes.
  [[nodiscard]] std::string hmac(std::string_view key, std::string_view data) const;

 private:
  std::shared_ptr<const void> md_;
  std::size_t size_ = 0;
};

/// Returns whether both are equal, in a time that does not depend on where they differ.
[[nodiscard]] bool constant_time_equal(std::string_view a, std::string_view b) noexcept;

/// Returns `bytes` random bytes of the system, in hexadecimal.
[[nodiscard]] std::string random_hex(std::size_t bytes);

}  // namespace aiopyr

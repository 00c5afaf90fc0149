#include <algorithm>
#include <array>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/text/digest.h>

namespace aiopyr {
namespace {

/// Returns Python's name of an algorithm in OpenSSL's spelling.
std::string openssl_name(std::string_view name) {
  std::string lower = ascii_lower(name);
  if (lower == "blake2b") return "blake2b512";
  if (lower == "blake2s") return "blake2s256";
  // sha3_256, sha512_256
  std::replace(lower.begin(), lower.end(), '_', '-');
  return lower;
}

std::shared_ptr<EVP_MD> fetch(std::string_view name) {
  return {EVP_MD_fetch(nullptr, openssl_name(name).c_str(), nullptr), EVP_MD_free};
}

const EVP_MD* as_md(const std::shared_ptr<const void>& md) noexcept {
  return static_cast<const EVP_MD*>(md.get());
}

/// Returns this thread's OpenSSL context for digests; null if there is no memory. Each thread keeps
/// one, since making it takes longer than the digest of a short text.
EVP_MD_CTX* digest_context() noexcept {
  struct Free {
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
  };
  thread_local const std::unique_ptr<EVP_MD_CTX, Free> kContext(EVP_MD_CTX_new());
  return kContext.get();
}

const unsigned char* bytes_of(std::string_view text) noexcept {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string hex(const unsigned char* bytes, std::size_t size) {
  return to_hex({reinterpret_cast<const char*>(bytes), size});
}

}  // namespace

HashAlgorithm::HashAlgorithm(std::string_view name) {
  const std::shared_ptr<EVP_MD> md = fetch(name);
  if (!md || EVP_MD_get_size(md.get()) <= 0 ||
      (EVP_MD_get_flags(md.get()) & EVP_MD_FLAG_XOF) != 0) {
    throw ConfigurationError("there is no hash algorithm '" + printable(name) +
                             "'; sha512, sha256 and md5 are some");
  }
  size_ = static_cast<std::size_t>(EVP_MD_get_size(md.get()));
  md_ = md;
}

std::string HashAlgorithm::hexdigest(std::string_view data) const {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_MD_CTX* const context = digest_context();
  if (context == nullptr || EVP_DigestInit_ex2(context, as_md(md_), nullptr) != 1 ||
      EVP_DigestUpdate(context, data.data(), data.size()) != 1 ||
      EVP_DigestFinal_ex(context, digest.data(), &size) != 1) {
    throw Error("OpenSSL could not compute a digest.");
  }
  return hex(digest.data(), size);
}

std::string HashAlgorithm::hmac(std::string_view key, std::string_view data) const {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (HMAC(as_md(md_), key.data(), static_cast<int>(key.size()), bytes_of(data), data.size(),
           digest.data(), &size) == nullptr) {
    throw Error("OpenSSL could not compute a signature.");
  }
  return {reinterpret_cast<const char*>(digest.data()), size};
}

bool constant_time_equal(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string random_hex(std::size_t bytes) {
  std::string random(bytes, '\0');
  auto* data = reinterpret_cast<unsigned char*>(random.data());
  if (RAND_bytes(data, static_cast<int>(bytes)) != 1) {
    throw Error("OpenSSL has no randomness.");
  }
  return hex(data, bytes);
}

}  // namespace aiopyr

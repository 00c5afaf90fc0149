#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/text/base64.h>
#include <aiopyr/runtime/web/security/signed_serializer.h>

namespace aiopyr {
namespace {

/// The longest text that is read: browsers keep 4096 bytes of a cookie; programs may send more.
constexpr std::size_t kMaxSignedText = 16 * 1024;

/// Converts UTF-8 to ISO-8859-1; nullopt if it has other characters.
std::optional<std::string> utf8_to_latin1(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80) {
      result += text[i];
      continue;
    }
    // Decodes U+0080 to U+00FF: C2 or C3 and one more byte.
    if ((byte != 0xC2 && byte != 0xC3) || i + 1 == text.size()) return std::nullopt;
    const auto next = static_cast<unsigned char>(text[++i]);
    if ((next & 0xC0) != 0x80) return std::nullopt;
    result += static_cast<char>((byte & 3) << 6 | (next & 0x3F));
  }
  return result;
}

std::string key_of(std::string_view secret, std::string_view salt) {
  if (secret.empty()) throw ConfigurationError("a signature needs a secret, which is empty here");
  const std::string text = std::string(salt).append(secret);
  return utf8_to_latin1(text).value_or(text);
}

}  // namespace

SignedSerializer::SignedSerializer(std::string_view secret, std::string_view salt,
                                   std::string_view hashalg)
    : key_(key_of(secret, salt)), hash_(hashalg) {}

std::string SignedSerializer::dumps(std::string_view text) const {
  return base64url_encode(hash_.hmac(key_, text).append(text));
}

std::optional<std::string> SignedSerializer::loads(std::string_view signed_text) const {
  if (signed_text.size() > kMaxSignedText) return std::nullopt;
  const std::optional<std::string> bytes = base64url_decode(signed_text);
  if (!bytes || bytes->size() < hash_.digest_size()) return std::nullopt;
  const std::string_view signature = std::string_view(*bytes).substr(0, hash_.digest_size());
  std::string text = bytes->substr(hash_.digest_size());
  if (!constant_time_equal(hash_.hmac(key_, text), signature)) return std::nullopt;
  return text;
}

}  // namespace aiopyr

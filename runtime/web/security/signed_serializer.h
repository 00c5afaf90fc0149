#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <aiopyr/runtime/text/digest.h>

namespace aiopyr {

/// Signs data that a client stores: webob.cookies.SignedSerializer. A signed text is base64url(HMAC
/// + text) without padding. Immutable; any thread.
class SignedSerializer {
 public:
  /// The key is salt + secret, in ISO-8859-1 if both can be converted, else in UTF-8. Throws
  /// ConfigurationError for an empty secret or an unknown algorithm.
  SignedSerializer(std::string_view secret, std::string_view salt,
                   std::string_view hashalg = "sha512");

  [[nodiscard]] std::string dumps(std::string_view text) const;
  /// Returns the text; nullopt unless dumps() has made exactly this. Values longer than 16 KiB are
  /// refused unread.
  [[nodiscard]] std::optional<std::string> loads(std::string_view signed_text) const;

 private:
  std::string key_;
  HashAlgorithm hash_;
};

}  // namespace aiopyr

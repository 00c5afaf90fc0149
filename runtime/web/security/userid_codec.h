#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <aiopyr/runtime/web/context/security.h>

/// Encodes a userid in a ticket so that Python reads the type that was stored
/// (AuthTktCookieHelper's userid_type_encoders and decoders). Any thread.
namespace aiopyr::detail {

/// Returns the ticket's userid. Throws Error if it is not of the type: text that is not UTF-8, or
/// not an integer.
[[nodiscard]] std::string encode_userid(std::string_view userid, UseridType type);

/// Returns the user data that names the type: "userid_type:b64unicode".
[[nodiscard]] std::string userid_type_data(UseridType type);

struct DecodedUserid {
  std::string userid;
  UseridType type = UseridType::kText;
};

/// Decodes both, with user data as any version of Pyramid writes it; nullopt if they do not match.
[[nodiscard]] std::optional<DecodedUserid> decode_userid(std::string_view encoded,
                                                         std::string_view user_data);

}  // namespace aiopyr::detail

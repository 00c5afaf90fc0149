#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <aiopyr/runtime/web/context/security.h>

/// How a ticket holds a userid, so that Python reads back the type that was stored
/// (AuthTktCookieHelper's userid_type_encoders and decoders). Any thread.
namespace aiopyr::detail {

/// The ticket's userid. Throws Error where it is not of the type: text that is not UTF-8, an
/// integer that is none.
[[nodiscard]] std::string encode_userid(std::string_view userid, UseridType type);

/// The user data that names the type: "userid_type:b64unicode".
[[nodiscard]] std::string userid_type_data(UseridType type);

struct DecodedUserid {
  std::string userid;
  UseridType type = UseridType::kText;
};

/// The reverse, for user data as any version of Pyramid wrote it; none where they do not fit.
[[nodiscard]] std::optional<DecodedUserid> decode_userid(std::string_view encoded,
                                                         std::string_view user_data);

}  // namespace aiopyr::detail

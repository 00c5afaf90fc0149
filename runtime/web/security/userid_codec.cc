#include <algorithm>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/text/base64.h>
#include <aiopyr/runtime/text/utf8.h>
#include <aiopyr/runtime/web/security/userid_codec.h>

namespace aiopyr::detail {
namespace {

constexpr std::string_view kTypeKey = "userid_type:";

bool is_integer(std::string_view text) noexcept {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool fits(std::string_view userid, UseridType type) noexcept {
  if (type == UseridType::kInt) return is_integer(userid);
  return type == UseridType::kBytes || !find_utf8_error(userid);
}

/// Returns the last type that the data names; other data, separated by bars, is ignored.
std::string_view type_in(std::string_view user_data) {
  std::string_view type;
  while (!user_data.empty()) {
    const auto end = std::min(user_data.find('|'), user_data.size());
    const std::string_view datum = user_data.substr(0, end);
    if (datum.starts_with(kTypeKey)) type = datum.substr(kTypeKey.size());
    user_data.remove_prefix(std::min(end + 1, user_data.size()));
  }
  return type;
}

}  // namespace

std::string encode_userid(std::string_view userid, UseridType type) {
  if (!fits(userid, type)) {
    throw Error("The userid '" + printable(userid) + "' is no " +
                (type == UseridType::kInt ? "integer." : "text in UTF-8."));
  }
  return type == UseridType::kInt ? std::string(userid) : base64_encode(userid);
}

std::string userid_type_data(UseridType type) {
  const std::string_view name = type == UseridType::kInt    ? "int"
                                : type == UseridType::kText ? "b64unicode"
                                                            : "b64str";
  return std::string(kTypeKey).append(name);
}

std::optional<DecodedUserid> decode_userid(std::string_view encoded, std::string_view user_data) {
  const std::string_view name = type_in(user_data);
  const bool is_base64 = name == "b64unicode" || name == "b64str";
  std::optional<std::string> userid = is_base64 ? base64_decode(encoded) : std::string(encoded);
  UseridType type = UseridType::kText;
  if (name == "int") type = UseridType::kInt;
  if (name == "b64str") type = UseridType::kBytes;
  if (!userid || !fits(*userid, type)) return std::nullopt;
  return DecodedUserid{std::move(*userid), type};
}

}  // namespace aiopyr::detail

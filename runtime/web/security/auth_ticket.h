#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <aiopyr/runtime/text/digest.h>

/// The signed text in an auth_tkt cookie, byte for byte as pyramid.authentication.AuthTicket writes
/// it (the format of Apache's mod_auth_tkt, with another hash):
///
///   digest + time as 8 hexadecimal digits + quoted userid + '!' [+ tokens + '!'] + user data
///
/// Plain values and functions; any thread.
namespace aiopyr {

struct AuthTicket {
  std::string userid;  ///< in its encoded form
  std::string ip = "0.0.0.0";
  std::vector<std::string> tokens{};
  std::string user_data{};
  std::int64_t time = 0;  ///< seconds since 1970; only 32 bits are stored

  /// Returns the signed text. Throws Error if `ip` is not an address.
  [[nodiscard]] std::string cookie_value(std::string_view secret, const HashAlgorithm& hash) const;
};

/// Returns the contents of a ticket if it is signed with this secret and hash for this address,
/// else nullopt. Values longer than 16 KiB are refused unread.
[[nodiscard]] std::optional<AuthTicket> parse_ticket(std::string_view secret,
                                                     std::string_view ticket, std::string_view ip,
                                                     const HashAlgorithm& hash);

/// Returns the digest of a ticket in hexadecimal; nullopt if `ip` is not an address. `tokens` are
/// separated by commas.
[[nodiscard]] std::optional<std::string> calculate_digest(
    std::string_view ip, std::int64_t timestamp, std::string_view secret, std::string_view userid,
    std::string_view tokens, std::string_view user_data, const HashAlgorithm& hash);

}  // namespace aiopyr

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
  std::string userid;  ///< as it is encoded
  std::string ip = "0.0.0.0";
  std::vector<std::string> tokens{};
  std::string user_data{};
  std::int64_t time = 0;  ///< seconds since 1970; 32 bits of it are kept

  /// Throws Error for an `ip` that is none.
  [[nodiscard]] std::string cookie_value(std::string_view secret, const HashAlgorithm& hash) const;
};

/// What a ticket says, where it is signed with this secret and hash for this address; else none.
/// Longer values than a browser keeps are not looked at.
[[nodiscard]] std::optional<AuthTicket> parse_ticket(std::string_view secret,
                                                     std::string_view ticket, std::string_view ip,
                                                     const HashAlgorithm& hash);

/// The digest of a ticket in hexadecimal; none for an `ip` that is none. `tokens` are separated by
/// commas.
[[nodiscard]] std::optional<std::string> calculate_digest(
    std::string_view ip, std::int64_t timestamp, std::string_view secret, std::string_view userid,
    std::string_view tokens, std::string_view user_data, const HashAlgorithm& hash);

}  // namespace aiopyr

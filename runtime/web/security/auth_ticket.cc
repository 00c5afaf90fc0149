#include <array>
#include <cstdio>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/base/join.h>
#include <aiopyr/runtime/base/parse_number.h>
#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/web/security/auth_ticket.h>
#include <aiopyr/runtime/web/url/url.h>

namespace aiopyr {
namespace {

/// The longest ticket that is read: browsers keep 4096 bytes of a cookie; programs may send more.
constexpr std::size_t kMaxTicket = 16 * 1024;
constexpr std::size_t kTimeDigits = 8;

std::optional<std::string> ipv4_bytes(std::string_view ip) {
  std::string bytes;
  for (int i = 0; i < 4; ++i) {
    const auto octet = parse_number<unsigned char>(take_until(ip, '.'));
    if (!octet) return std::nullopt;
    bytes += static_cast<char>(*octet);
  }
  if (!ip.empty()) return std::nullopt;
  return bytes;
}

std::string big_endian(std::uint32_t number) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> shift & 255);
  return bytes;
}

/// Returns address and time in the form in which they are signed; nullopt for an invalid address.
std::optional<std::string> encode_ip_timestamp(std::string_view ip, std::int64_t timestamp) {
  if (ip.find(':') != std::string_view::npos) return std::string(ip) + std::to_string(timestamp);
  auto bytes = ipv4_bytes(ip);
  if (bytes) *bytes += big_endian(static_cast<std::uint32_t>(timestamp));
  return bytes;
}

std::vector<std::string> split(std::string_view tokens) {
  std::vector<std::string> parts;
  while (!tokens.empty()) {
    const std::string_view token = take_until(tokens, ',');
    if (!token.empty()) parts.emplace_back(token);
  }
  return parts;
}

std::string eight_digits(std::int64_t time) {
  std::array<char, kTimeDigits + 1> text{};
  std::snprintf(text.data(), text.size(), "%08x", static_cast<std::uint32_t>(time));
  return text.data();
}

std::string_view strip_quotes(std::string_view text) {
  while (text.starts_with('"')) text.remove_prefix(1);
  while (text.ends_with('"')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::optional<std::string> calculate_digest(std::string_view ip, std::int64_t timestamp,
                                            std::string_view secret, std::string_view userid,
                                            std::string_view tokens, std::string_view user_data,
                                            const HashAlgorithm& hash) {
  std::optional<std::string> text = encode_ip_timestamp(ip, timestamp);
  if (!text) return std::nullopt;
  text->append(secret).append(userid).append(1, '\0');
  text->append(tokens).append(1, '\0').append(user_data);
  return hash.hexdigest(hash.hexdigest(*text).append(secret));
}

std::string AuthTicket::cookie_value(std::string_view secret, const HashAlgorithm& hash) const {
  const std::string token_text = join(tokens, ",");
  std::optional<std::string> value =
      calculate_digest(ip, time, secret, userid, token_text, user_data, hash);
  if (!value) {
    throw Error("A ticket that includes the client's address needs one: '" + printable(ip) +
                "' is no IP address.");
  }
  value->append(eight_digits(time)).append(url_quote(userid)).append(1, '!');
  if (!token_text.empty()) value->append(token_text).append(1, '!');
  return value->append(user_data);
}

std::optional<AuthTicket> parse_ticket(std::string_view secret, std::string_view ticket,
                                       std::string_view ip, const HashAlgorithm& hash) {
  ticket = strip_quotes(ticket);
  const std::size_t digits = 2 * hash.digest_size();
  if (ticket.size() > kMaxTicket || ticket.size() < digits + kTimeDigits) return std::nullopt;
  const std::string_view digest = ticket.substr(0, digits);
  const auto time = parse_number<std::uint32_t>(ticket.substr(digits, kTimeDigits), 16);
  std::string_view data = ticket.substr(digits + kTimeDigits);
  if (!time || data.find('!') == std::string_view::npos) return std::nullopt;
  AuthTicket result;
  result.userid = url_unquote(take_until(data, '!'));
  const bool has_tokens = data.find('!') != std::string_view::npos;
  const std::string_view tokens = has_tokens ? take_until(data, '!') : std::string_view();
  const auto expected = calculate_digest(ip, *time, secret, result.userid, tokens, data, hash);
  if (!expected || !constant_time_equal(*expected, digest)) return std::nullopt;
  result.ip = ip;
  result.tokens = split(tokens);
  result.user_data = data;
  result.time = *time;
  return result;
}

}  // namespace aiopyr

#include <algorithm>
#include <cmath>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/web/http/cookies.h>
#include <aiopyr/runtime/web/request/host_parts.h>
#include <aiopyr/runtime/web/request/request.h>
#include <aiopyr/runtime/web/security/auth_ticket.h>
#include <aiopyr/runtime/web/security/auth_tkt_cookie_helper.h>
#include <aiopyr/runtime/web/security/userid_codec.h>
#include <aiopyr/runtime/web/security/verified_tickets.h>

namespace aiopyr {
namespace {

/// The names of Pyramid's notes in the request.
constexpr const char* kReissued = "aiopyr.authtkt_reissued";
constexpr const char* kReissueRevoked = "aiopyr.authtkt_reissue_revoked";

constexpr std::size_t kMaxCookieValue = 4093;

bool is_noted(Request& request, const char* name) { return request.attributes().contains(name); }

/// Returns whether a token is valid: ^[A-Za-z][A-Za-z0-9+_-]*$
bool is_token(std::string_view token) noexcept {
  return !token.empty() && is_ascii_alnum(token[0]) && !(token[0] >= '0' && token[0] <= '9') &&
         std::all_of(token.begin(), token.end(),
                     [](char c) { return is_ascii_alnum(c) || c == '+' || c == '_' || c == '-'; });
}

void require_tokens(const std::vector<std::string>& tokens) {
  for (const std::string& token : tokens) {
    if (is_token(token)) continue;
    throw Error("Invalid token '" + printable(token) +
                "': a ticket's token is a letter, then letters, digits, '+', '_' and '-'.");
  }
}

/// Returns whether a host name may stand in a cookie. The Host header comes from the client, so
/// other names are left out.
bool is_host_name(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return is_ascii_alnum(c) || std::string_view("-._:[]").find(c) != std::string_view::npos;
  });
}

std::string domain_of(const Request& request, const AuthTktOptions& options) {
  if (!options.domain.empty()) return options.domain;
  std::string domain = detail::host_parts_of(request).domain;
  if (!is_host_name(domain)) return {};
  if (options.parent_domain && std::count(domain.begin(), domain.end(), '.') > 1) {
    return domain.substr(domain.find('.') + 1);
  }
  return options.wild_domain ? domain : std::string();
}

CookieOptions cookie_of(const AuthTktOptions& options, std::string domain) {
  return {.path = options.path,
          .domain = std::move(domain),
          .secure = options.secure,
          .httponly = options.http_only,
          .samesite = options.samesite};
}

}  // namespace

AuthTktCookieHelper::AuthTktCookieHelper(AuthTktOptions options)
    : options_(std::move(options)),
      hash_(options_.hashalg),
      verified_(std::make_shared<detail::VerifiedTickets>()) {
  if (options_.secret.empty()) {
    throw ConfigurationError("tickets need a secret, which is empty here");
  }
  static_cast<void>(make_cookie(options_.cookie_name, "", cookie_of(options_, options_.domain)));
}

std::string AuthTktCookieHelper::ip_of(const Request& request) const {
  return options_.include_ip ? std::string(request.remote_addr()) : "0.0.0.0";
}

/// Returns the contents of the cookie, of any age; nullopt if it is not signed with our secret.
std::optional<AuthTktIdentity> AuthTktCookieHelper::verify(const std::string& cookie,
                                                           const std::string& ip) const {
  auto identity = verified_->find(cookie, ip);
  if (identity) return identity;
  auto ticket = parse_ticket(options_.secret, cookie, ip, hash_);
  if (!ticket) return std::nullopt;
  auto user = detail::decode_userid(ticket->userid, ticket->user_data);
  if (!user) return std::nullopt;
  identity = AuthTktIdentity{ticket->time, std::move(user->userid), user->type,
                             std::move(ticket->tokens), std::move(ticket->user_data)};
  verified_->add(cookie, ip, *identity);
  return identity;
}

std::optional<AuthTktIdentity> AuthTktCookieHelper::identify(Request& request) const {
  const auto cookie = request.cookies().find(options_.cookie_name);
  if (cookie == request.cookies().end()) return std::nullopt;
  std::optional<AuthTktIdentity> identity = verify(cookie->second, ip_of(request));
  if (!identity) return std::nullopt;
  const double age = options_.clock() - static_cast<double>(identity->timestamp);
  const auto& timeout = options_.timeout;
  if (timeout && timeout->count() != 0 && age > static_cast<double>(timeout->count())) {
    return std::nullopt;
  }
  const auto& reissue_time = options_.reissue_time;
  const bool is_due = reissue_time && age > static_cast<double>(reissue_time->count());
  if (is_due && !is_noted(request, kReissued)) reissue(request, *identity);
  return identity;
}

void AuthTktCookieHelper::reissue(Request& request, const AuthTktIdentity& identity) const {
  // Other programs may sign tokens that are invalid here.
  const auto& tokens = identity.tokens;
  if (!std::all_of(tokens.begin(), tokens.end(), is_token)) return;
  Headers headers =
      remember(request, identity.userid, {.tokens = tokens, .userid_type = identity.userid_type});
  request.add_response_callback(
      [headers = std::move(headers)](Request& answered, Response& response) {
        if (!is_noted(answered, kReissueRevoked)) response.headers().extend(headers);
      });
  request.attributes()[kReissued] = true;
}

Headers AuthTktCookieHelper::remember(Request& request, std::string_view userid,
                                      const RememberOptions& options) const {
  require_tokens(options.tokens);
  AuthTicket ticket;
  ticket.userid = detail::encode_userid(userid, options.userid_type);
  ticket.ip = ip_of(request);
  ticket.tokens = options.tokens;
  ticket.user_data = detail::userid_type_data(options.userid_type);
  ticket.time = static_cast<std::int64_t>(std::floor(options_.clock()));
  const std::string value = ticket.cookie_value(options_.secret, hash_);
  if (value.size() > kMaxCookieValue) {
    throw Error("The ticket is too long for a cookie: " + std::to_string(value.size()) +
                " bytes, where " + std::to_string(kMaxCookieValue) + " fit.");
  }
  if (is_noted(request, kReissued)) request.attributes()[kReissueRevoked] = true;
  return make_headers(request, &value, options.max_age ? options.max_age : options_.max_age);
}

Headers AuthTktCookieHelper::forget(Request& request) const {
  request.attributes()[kReissueRevoked] = true;
  return make_headers(request, nullptr, std::nullopt);
}

Headers AuthTktCookieHelper::make_headers(const Request& request, const std::string* value,
                                          std::optional<std::chrono::seconds> max_age) const {
  CookieOptions cookie = cookie_of(options_, domain_of(request, options_));
  cookie.max_age = max_age;
  Headers headers;
  headers.add("Set-Cookie", value == nullptr ? make_expired_cookie(options_.cookie_name, cookie)
                                             : make_cookie(options_.cookie_name, *value, cookie));
  return headers;
}

}  // namespace aiopyr

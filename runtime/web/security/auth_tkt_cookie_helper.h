#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <aiopyr/runtime/text/digest.h>
#include <aiopyr/runtime/web/context/security.h>
#include <aiopyr/runtime/web/security/auth_tkt_identity.h>
#include <aiopyr/runtime/web/security/unix_clock.h>

namespace aiopyr {

namespace detail {
class VerifiedTickets;
}

/// The parameters of Pyramid's AuthTkt classes. For designated initializers, in this order.
struct AuthTktOptions {
  std::string secret;  ///< shared with the other programs that read the cookie
  std::string cookie_name = "auth_tkt";
  bool secure = false;
  bool include_ip = false;                        ///< binds the ticket to the client's address
  std::optional<std::chrono::seconds> timeout{};  ///< how long a ticket is valid; nullopt: for ever
  /// A ticket that is older than this when it arrives is replaced; nullopt: never.
  std::optional<std::chrono::seconds> reissue_time{};
  std::optional<std::chrono::seconds> max_age{};  ///< of the cookie; nullopt: a session cookie
  std::string path = "/";
  bool http_only = false;
  bool wild_domain = true;  ///< also for all hosts below the host's name
  std::string hashalg = "sha512";
  bool parent_domain = false;    ///< for the host's parent: example.com for www.example.com
  std::string domain{};          ///< instead of both: this domain
  std::string samesite = "Lax";  ///< empty: omitted
  UnixClock clock = unix_time;
};

/// Reads and writes the cookie by which a browser authenticates
/// (pyramid.authentication.AuthTktCookieHelper). Used by AuthTktAuthenticationPolicy, and made for
/// custom security policies. Shared by all requests; its only state is a cache of tickets with
/// valid signatures.
class AuthTktCookieHelper {
 public:
  /// Throws ConfigurationError for an empty secret or an unknown hash, Error for options that make
  /// an invalid cookie.
  explicit AuthTktCookieHelper(AuthTktOptions options);

  /// Returns the identity in the request's ticket; nullopt if there is no ticket, or it is forged,
  /// cut, expired, or that of another address. The response replaces a ticket that is due, unless
  /// remember() or forget() is called later.
  [[nodiscard]] std::optional<AuthTktIdentity> identify(Request& request) const;

  /// Returns a Set-Cookie header with a new ticket. Throws Error for a token or a userid that a
  /// ticket cannot hold.
  [[nodiscard]] Headers remember(Request& request, std::string_view userid,
                                 const RememberOptions& options = {}) const;
  /// Returns a Set-Cookie header that removes the ticket.
  [[nodiscard]] Headers forget(Request& request) const;

 private:
  [[nodiscard]] Headers make_headers(const Request& request, const std::string* value,
                                     std::optional<std::chrono::seconds> max_age) const;
  [[nodiscard]] std::string ip_of(const Request& request) const;
  [[nodiscard]] std::optional<AuthTktIdentity> verify(const std::string& cookie,
                                                      const std::string& ip) const;
  void reissue(Request& request, const AuthTktIdentity& identity) const;

  AuthTktOptions options_;
  HashAlgorithm hash_;
  std::shared_ptr<detail::VerifiedTickets> verified_;  // copies have the same secret
};

}  // namespace aiopyr

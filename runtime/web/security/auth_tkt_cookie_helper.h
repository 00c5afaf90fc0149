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
  std::string secret;  ///< shared with the other programs that are to read the cookie
  std::string cookie_name = "auth_tkt";
  bool secure = false;
  bool include_ip = false;                        ///< binds the ticket to the client's address
  std::optional<std::chrono::seconds> timeout{};  ///< how long a ticket is good; none: for ever
  /// A ticket that comes this long after it was issued is replaced; none: never.
  std::optional<std::chrono::seconds> reissue_time{};
  std::optional<std::chrono::seconds> max_age{};  ///< of the cookie; none: until the browser ends
  std::string path = "/";
  bool http_only = false;
  bool wild_domain = true;  ///< also for what is below the host's name
  std::string hashalg = "sha512";
  bool parent_domain = false;    ///< for the host's parent: example.com for www.example.com
  std::string domain{};          ///< instead of both: this domain
  std::string samesite = "Lax";  ///< empty: not said
  UnixClock clock = unix_time;
};

/// Reads and writes the cookie with which a browser proves who it is
/// (pyramid.authentication.AuthTktCookieHelper): what a security policy of one's own is built on,
/// and what AuthTktAuthenticationPolicy uses. Shared by all requests; it only remembers tickets
/// whose signature it has found right.
class AuthTktCookieHelper {
 public:
  /// Throws ConfigurationError for an empty secret or an unknown hash, Error for options of which
  /// no cookie can be made.
  explicit AuthTktCookieHelper(AuthTktOptions options);

  /// Returns whose ticket the request brought; nothing where it brought none, or one that is
  /// forged, cut, expired, or another address's. A ticket that is due is replaced by the response,
  /// unless remember() or forget() is called later.
  [[nodiscard]] std::optional<AuthTktIdentity> identify(Request& request) const;

  /// A Set-Cookie header with a new ticket. Throws Error for a token or a userid that no ticket can
  /// hold.
  [[nodiscard]] Headers remember(Request& request, std::string_view userid,
                                 const RememberOptions& options = {}) const;
  /// A Set-Cookie header that removes the ticket.
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

#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include <aiopyr/runtime/web/request/session.h>
#include <aiopyr/runtime/web/security/unix_clock.h>

namespace aiopyr {

namespace detail {
struct CookieSessionProfile;
}

/// The parameters of Pyramid's SignedCookieSessionFactory. For designated initializers, in this
/// order.
struct SignedCookieSessionOptions {
  std::string secret;  ///< at least as long as a block of the hash: 64 characters for sha512
  std::string cookie_name = "session";
  std::optional<std::chrono::seconds> max_age{};  ///< nullopt: until the browser ends
  std::string path = "/";
  std::string domain{};
  bool secure = false;
  bool httponly = false;
  std::string samesite = "Lax";  ///< empty: omitted
  bool set_on_exception = true;  ///< also if an exception view makes the response
  /// How long the session is valid after its last renewal; nullopt: for ever.
  std::optional<std::chrono::seconds> timeout = std::chrono::seconds(1200);
  /// A session used later than this after its renewal is renewed; nullopt: only when it changes.
  std::optional<std::chrono::seconds> reissue_time = std::chrono::seconds(0);
  std::string hashalg = "sha512";
  std::string salt = "pyramid.session.";
  UnixClock clock = unix_time;
};

/// Sessions stored by the client in a signed cookie: it can read them, but not change them. A
/// session holds up to 4064 bytes in its serialized form: more makes the response fail with an
/// Error.
///
/// Reads and writes the same cookie as pyramid.session.SignedCookieSessionFactory, so that Python
/// and C++ may serve one site with the same secret. A cookie that is forged, cut, expired or
/// otherwise invalid counts as missing.
/// `config.set_session_factory(SignedCookieSessionFactory({.secret = "..."}))`.
class SignedCookieSessionFactory {
 public:
  /// Throws ConfigurationError for an empty secret or an unknown hash, Error for an invalid cookie.
  explicit SignedCookieSessionFactory(SignedCookieSessionOptions options);

  std::unique_ptr<Session> operator()(Request& request) const;

 private:
  std::shared_ptr<const detail::CookieSessionProfile> profile_;
};

}  // namespace aiopyr

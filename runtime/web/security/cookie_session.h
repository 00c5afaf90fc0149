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
  std::optional<std::chrono::seconds> max_age{};  ///< none: until the browser ends
  std::string path = "/";
  std::string domain{};
  bool secure = false;
  bool httponly = false;
  std::string samesite = "Lax";  ///< empty: not said
  bool set_on_exception = true;  ///< also where an exception view makes the response
  /// How long the session is good after it was last renewed; none: for ever.
  std::optional<std::chrono::seconds> timeout = std::chrono::seconds(1200);
  /// A session that is used this long after it was renewed is renewed; none: only when it changes.
  std::optional<std::chrono::seconds> reissue_time = std::chrono::seconds(0);
  std::string hashalg = "sha512";
  std::string salt = "pyramid.session.";
  UnixClock clock = unix_time;
};

/// Sessions that are kept by the client, in a signed cookie: it can read them and not change them.
/// They hold up to 4064 bytes as they are written: more makes the response fail with an Error.
///
/// The cookie is the one that pyramid.session.SignedCookieSessionFactory reads and writes, so that
/// Python and C++ may serve one site with the same secret. One that is forged, cut, expired or
/// otherwise useless is as none at all. `config.set_session_factory(SignedCookieSessionFactory({
/// .secret = "..."}))`.
class SignedCookieSessionFactory {
 public:
  /// Throws ConfigurationError for an empty secret or an unknown hash, Error for a cookie that
  /// cannot be.
  explicit SignedCookieSessionFactory(SignedCookieSessionOptions options);

  std::unique_ptr<Session> operator()(Request& request) const;

 private:
  std::shared_ptr<const detail::CookieSessionProfile> profile_;
};

}  // namespace aiopyr

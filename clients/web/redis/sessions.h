#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <aiopyr/runtime/web/config/configurator.h>
#include <aiopyr/runtime/web/request/session.h>
#include <aiopyr/runtime/web/security/unix_clock.h>

/// Sessions whose data is in Redis, as pyramid_redis_sessions keeps them: the browser has a random
/// identifier in a signed cookie, and nothing else.
///
///     config.include(redis::include_sessions({.secret = config.settings().at("session.secret")}));
///
/// The app makes the client: `registry.emplace<redis::Client>(url)` in config.on_worker_start().
namespace aiopyr::redis {

/// For designated initializers, in this order. The first ones and the cookie's are those of
/// SignedCookieSessionOptions.
struct SessionOptions {
  std::string secret;    ///< at least as long as a block of the hash: 64 characters for sha512
  std::string client{};  ///< the name of the redis::Client in the registry
  std::string prefix = "session:";  ///< of the keys in Redis
  /// The time for which a session is kept after the last request that brought it.
  std::chrono::seconds timeout = std::chrono::seconds(1200);
  /// A request extends that time if the last one to do so is longer ago than this; less than
  /// `timeout`.
  std::chrono::seconds renew_after = std::chrono::seconds(60);
  std::size_t max_bytes = std::size_t{64} * 1024;  ///< of a session's data, as JSON
  /// Answers 503 where a session is needed and Redis fails. Otherwise the request has an empty one,
  /// which is not stored.
  bool requires_redis = true;
  /// Returns whether a request may use its session: for others nothing is loaded, and
  /// request.session() throws. Empty for all. Called on the request's fiber.
  std::function<bool(Request&)> is_needed{};
  std::string cookie_name = "session";
  /// nullopt: until the browser ends. The cookie is sent again when the session is renewed.
  std::optional<std::chrono::seconds> max_age{};
  std::string path = "/";
  std::string domain{};
  bool secure = false;  ///< true where the site has HTTPS only
  bool httponly = true;
  std::string samesite = "Lax";
  std::string hashalg = "sha512";
  std::string salt = "aiopyr.redis.session.";
  UnixClock clock = unix_time;
};

/// The name of the tween, for `.over` and `.under` of other tweens. A tween that uses the session
/// has to be under it.
inline constexpr std::string_view kSessionTween = "aiopyr.redis.sessions";

/// Sets the app's session factory, and adds the tween that loads a request's session before the
/// view and stores it afterwards, if it has changed. Throws ConfigurationError for options that
/// cannot work, Error for an invalid cookie.
///
/// request.session() then works wherever it does with other sessions: it does not wait. The data is
/// loaded if the request brings a valid identifier, by one round trip; a request without costs
/// nothing. A session exists in Redis from the first time that something is put into it. A response
/// that was made from an uncaught exception stores nothing. More than max_bytes makes the response
/// fail with an Error.
///
/// Of two requests of one session at a time, both see what was there before, and the last one to
/// end wins, with the whole session. A session that was invalidated meanwhile is not stored again.
///
/// session.invalidate() removes the data, in Redis too; what is put into it afterwards gets a new
/// identifier.
void add_sessions(Configurator& config, SessionOptions options);

/// Returns the same as a function for config.include().
[[nodiscard]] std::function<void(Configurator&)> include_sessions(SessionOptions options);

/// Gives the session a new identifier, and keeps its data: to be called when a user logs in or
/// gets other rights, so that an identifier that somebody has seen or set before is worth nothing.
/// The old one is removed with the response. Does nothing for sessions of other kinds, which have
/// no identifier.
void renew_session_id(Session& session);

}  // namespace aiopyr::redis

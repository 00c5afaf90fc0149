#pragma once

#include <functional>
#include <optional>
#include <string>

#include <aiopyr/runtime/web/context/security.h>
#include <aiopyr/runtime/web/security/auth_tkt_cookie_helper.h>

/// The authentication policies of pyramid.authentication, for set_authentication_policy. Each says
/// which userid a request claims; a callback of the app says whether there is such a user and which
/// groups it is in. Immutable, shared by all requests; called as security.h says.
namespace aiopyr {

/// Gives the groups of a user, or none where there is no such user. Called on a fiber as a rule, so
/// it may be a synchronized coroutine; it is for every question anew.
using AuthenticationCallback =
    std::function<std::optional<Principals>(const std::string& userid, Request& request)>;

/// What the policies have in common. Without a callback every userid is taken for that of a user
/// without groups. A client that claims to be `system.Everyone` or `system.Authenticated` is
/// nobody.
class CallbackAuthenticationPolicy : public AuthenticationPolicy {
 public:
  explicit CallbackAuthenticationPolicy(AuthenticationCallback callback = {})
      : callback_(std::move(callback)) {}

  /// The claimed userid, where the callback knows it.
  [[nodiscard]] std::optional<std::string> authenticated_userid(Request& request) const override;
  /// kEveryone, and, where the callback knows the userid, kAuthenticated, the userid, its groups.
  [[nodiscard]] Principals effective_principals(Request& request) const override;

  // Most policies leave no trace in a response.
  [[nodiscard]] Headers remember(Request&, const std::string&,
                                 const RememberOptions&) const override {
    return {};
  }
  [[nodiscard]] Headers forget(Request&) const override { return {}; }

 protected:
  /// The groups of a user; none where there is no such user.
  [[nodiscard]] virtual std::optional<Principals> callback(const std::string& userid,
                                                           Request& request) const;

 private:
  struct User;
  [[nodiscard]] std::optional<User> find_user(Request& request) const;

  AuthenticationCallback callback_;
};

/// By the cookie `auth_tkt`.
class AuthTktAuthenticationPolicy final : public CallbackAuthenticationPolicy {
 public:
  using Options = AuthTktOptions;

  explicit AuthTktAuthenticationPolicy(Options options, AuthenticationCallback callback = {})
      : CallbackAuthenticationPolicy(std::move(callback)), cookie_(std::move(options)) {}

  [[nodiscard]] std::optional<std::string> unauthenticated_userid(Request& request) const override;
  [[nodiscard]] Headers remember(Request& request, const std::string& userid,
                                 const RememberOptions& options) const override {
    return cookie_.remember(request, userid, options);
  }
  [[nodiscard]] Headers forget(Request& request) const override { return cookie_.forget(request); }

 private:
  AuthTktCookieHelper cookie_;
};

/// Keeps a userid in the session: for security policies of one's own.
class SessionAuthenticationHelper {
 public:
  explicit SessionAuthenticationHelper(const std::string& prefix = "auth.")
      : userid_key_(prefix + "userid") {}

  Headers remember(Request& request, const std::string& userid,
                   const RememberOptions& options = {}) const;
  Headers forget(Request& request) const;
  [[nodiscard]] std::optional<std::string> authenticated_userid(Request& request) const;

 private:
  std::string userid_key_;
};

struct SessionAuthenticationOptions {
  std::string prefix = "auth.";  ///< of the session's keys
};

/// By the session, which the app has to have (set_session_factory).
class SessionAuthenticationPolicy final : public CallbackAuthenticationPolicy {
 public:
  using Options = SessionAuthenticationOptions;

  explicit SessionAuthenticationPolicy(const Options& options = {},
                                       AuthenticationCallback callback = {})
      : CallbackAuthenticationPolicy(std::move(callback)), helper_(options.prefix) {}

  [[nodiscard]] std::optional<std::string> unauthenticated_userid(Request& request) const override {
    return helper_.authenticated_userid(request);
  }
  [[nodiscard]] Headers remember(Request& request, const std::string& userid,
                                 const RememberOptions& options) const override {
    return helper_.remember(request, userid, options);
  }
  [[nodiscard]] Headers forget(Request& request) const override { return helper_.forget(request); }

 private:
  SessionAuthenticationHelper helper_;
};

struct RemoteUserOptions {
  std::string environ_key = "REMOTE_USER";
};

/// By a variable of the web server, which has checked the user. An empty one, as nginx sends it for
/// everybody else, is none.
class RemoteUserAuthenticationPolicy final : public CallbackAuthenticationPolicy {
 public:
  using Options = RemoteUserOptions;

  explicit RemoteUserAuthenticationPolicy(Options options = {},
                                          AuthenticationCallback callback = {})
      : CallbackAuthenticationPolicy(std::move(callback)),
        environ_key_(std::move(options.environ_key)) {}

  [[nodiscard]] std::optional<std::string> unauthenticated_userid(Request& request) const override;

 private:
  std::string environ_key_;
};

/// What an Authorization header of the scheme Basic holds (RFC 7617), as UTF-8.
struct HTTPBasicCredentials {
  std::string username;
  std::string password;
};

/// None where there are none, or they cannot be read. Bytes that are not UTF-8 are ISO-8859-1.
[[nodiscard]] std::optional<HTTPBasicCredentials> extract_http_basic_credentials(
    const Request& request);

/// By name and password in each request. forget() gives the challenge that makes a browser ask for
/// them; a forbidden view sends it with a 401.
class BasicAuthAuthenticationPolicy final : public CallbackAuthenticationPolicy {
 public:
  /// Gives the groups of a user whose password it is, else none.
  using Check = std::function<std::optional<Principals>(
      const std::string& username, const std::string& password, Request& request)>;

  struct Options {
    Check check;
    std::string realm = "Realm";
  };

  /// Throws ConfigurationError where there is no check.
  explicit BasicAuthAuthenticationPolicy(Options options);

  [[nodiscard]] std::optional<std::string> unauthenticated_userid(Request& request) const override;
  [[nodiscard]] Headers forget(Request& request) const override;

 protected:
  [[nodiscard]] std::optional<Principals> callback(const std::string& userid,
                                                   Request& request) const override;

 private:
  Options options_;
};

}  // namespace aiopyr

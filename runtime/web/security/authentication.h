#pragma once

#include <functional>
#include <optional>
#include <string>

#include <aiopyr/runtime/web/context/security.h>
#include <aiopyr/runtime/web/security/auth_tkt_cookie_helper.h>

/// The authentication policies of pyramid.authentication, for set_authentication_policy. A policy
/// finds the userid that a request claims; a callback of the app decides whether that user exists
/// and returns its groups. Immutable, shared by all requests; called as documented in security.h.
namespace aiopyr {

/// Returns the groups of a user, or nullopt if there is no such user. Normally called on a fiber,
/// so it may be a synchronized coroutine; called again for every question.
using AuthenticationCallback =
    std::function<std::optional<Principals>(const std::string& userid, Request& request)>;

/// The common part of the policies. Without a callback every userid is that of a user without
/// groups. A client that claims to be `system.Everyone` or `system.Authenticated` has no userid.
class CallbackAuthenticationPolicy : public AuthenticationPolicy {
 public:
  explicit CallbackAuthenticationPolicy(AuthenticationCallback callback = {})
      : callback_(std::move(callback)) {}

  /// Returns the claimed userid, if the callback knows it.
  [[nodiscard]] std::optional<std::string> authenticated_userid(Request& request) const override;
  /// Returns kEveryone and, if the callback knows the userid, kAuthenticated, the userid, its
  /// groups.
  [[nodiscard]] Principals effective_principals(Request& request) const override;

  // Return no headers: most policies store nothing at the client.
  [[nodiscard]] Headers remember(Request&, const std::string&,
                                 const RememberOptions&) const override {
    return {};
  }
  [[nodiscard]] Headers forget(Request&) const override { return {}; }

 protected:
  /// Returns the groups of a user; nullopt if there is no such user.
  [[nodiscard]] virtual std::optional<Principals> callback(const std::string& userid,
                                                           Request& request) const;

 private:
  struct User;
  [[nodiscard]] std::optional<User> find_user(Request& request) const;

  AuthenticationCallback callback_;
};

/// Authenticates by the cookie `auth_tkt`.
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

/// Keeps a userid in the session: for custom security policies.
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

/// Authenticates by the session, which the app has to have (set_session_factory).
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

/// Authenticates by a variable of the web server, which has checked the user. An empty value, which
/// nginx sends for all other users, counts as missing.
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

/// The credentials of an Authorization header of the scheme Basic (RFC 7617), as UTF-8.
struct HTTPBasicCredentials {
  std::string username;
  std::string password;
};

/// Returns the credentials; nullopt if there are none or they are malformed. Bytes that are not
/// UTF-8 are read as ISO-8859-1.
[[nodiscard]] std::optional<HTTPBasicCredentials> extract_http_basic_credentials(
    const Request& request);

/// Authenticates by name and password in each request. forget() returns the challenge that makes a
/// browser ask for them; a forbidden view sends it with a 401.
class BasicAuthAuthenticationPolicy final : public CallbackAuthenticationPolicy {
 public:
  /// Returns the groups of the user if the password is right, else nullopt.
  using Check = std::function<std::optional<Principals>(
      const std::string& username, const std::string& password, Request& request)>;

  struct Options {
    Check check;
    std::string realm = "Realm";
  };

  /// Throws ConfigurationError if there is no check.
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

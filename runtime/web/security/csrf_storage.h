#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <aiopyr/runtime/web/http/cookies.h>

/// The storage of CSRF tokens and the options of the protection: the part of pyramid.csrf with
/// which an app is configured. derivers/csrf.h has the checks.
namespace aiopyr {

class Request;

/// Stores tokens (pyramid.interfaces.ICSRFStoragePolicy). Shared by all requests.
class CSRFStoragePolicy {
 public:
  virtual ~CSRFStoragePolicy() = default;
  /// Makes, stores and returns a token.
  virtual std::string new_csrf_token(Request& request) const = 0;
  /// Returns this visitor's token, or a new one.
  [[nodiscard]] virtual std::string get_csrf_token(Request& request) const = 0;
  /// Returns whether the supplied token is this visitor's; compares in constant time.
  [[nodiscard]] virtual bool check_csrf_token(Request& request,
                                              std::string_view supplied_token) const;
};

/// Keeps tokens in the session. The default policy of an app.
class LegacySessionCSRFStoragePolicy final : public CSRFStoragePolicy {
 public:
  std::string new_csrf_token(Request& request) const override;
  [[nodiscard]] std::string get_csrf_token(Request& request) const override;
};

/// Keeps tokens in the session, under a key.
class SessionCSRFStoragePolicy final : public CSRFStoragePolicy {
 public:
  explicit SessionCSRFStoragePolicy(std::string key = "_csrft_") : key_(std::move(key)) {}
  std::string new_csrf_token(Request& request) const override;
  [[nodiscard]] std::string get_csrf_token(Request& request) const override;

 private:
  std::string key_;
};

/// The parameters of CookieCSRFStoragePolicy.
struct CookieCSRFOptions {
  std::string cookie_name = "csrf_token";
  bool secure = false;
  bool httponly = false;
  std::string domain{};
  std::optional<std::chrono::seconds> max_age{};
  std::string path = "/";
  std::string samesite = "Lax";
};

/// Keeps tokens in a cookie of their own, which is not signed: the double submit cookie. Needs no
/// session.
class CookieCSRFStoragePolicy final : public CSRFStoragePolicy {
 public:
  /// Throws Error if such a cookie is invalid.
  explicit CookieCSRFStoragePolicy(CookieCSRFOptions options = {});
  std::string new_csrf_token(Request& request) const override;
  [[nodiscard]] std::string get_csrf_token(Request& request) const override;

 private:
  std::string cookie_name_;
  CookieOptions cookie_;
  std::string attribute_;  // the name under which the request keeps a token that its cookies lack
};

/// How views are protected by default: the arguments of set_default_csrf_options.
struct CSRFOptions {
  bool require_csrf = true;  ///< of views without that option
  std::string token = "csrf_token";
  std::string header = "X-CSRF-Token";
  std::vector<std::string> safe_methods{"GET", "HEAD", "OPTIONS", "TRACE"};
  bool check_origin = true;
  bool allow_no_origin = false;
  /// Returns whether to check this request: false, for example, if no cookie identifies its user.
  std::function<bool(Request&)> callback{};
};

}  // namespace aiopyr

#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <aiopyr/runtime/web/http/cookies.h>

/// Where CSRF tokens are kept, and how views are protected: the part of pyramid.csrf that an app is
/// configured with. derivers/csrf.h has the checks.
namespace aiopyr {

class Request;

/// Where tokens are kept (pyramid.interfaces.ICSRFStoragePolicy). Shared by all requests.
class CSRFStoragePolicy {
 public:
  virtual ~CSRFStoragePolicy() = default;
  /// Makes, stores and returns a token.
  virtual std::string new_csrf_token(Request& request) const = 0;
  /// The token that this visitor has, or a new one.
  [[nodiscard]] virtual std::string get_csrf_token(Request& request) const = 0;
  /// Whether the token that came is that of this visitor; compared in constant time.
  [[nodiscard]] virtual bool check_csrf_token(Request& request,
                                              std::string_view supplied_token) const;
};

/// Keeps tokens in the session. The policy of an app that sets no other.
class LegacySessionCSRFStoragePolicy final : public CSRFStoragePolicy {
 public:
  std::string new_csrf_token(Request& request) const override;
  [[nodiscard]] std::string get_csrf_token(Request& request) const override;
};

/// In the session, under a key.
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

/// In a cookie of its own, which is not signed: the double submit cookie. Needs no session.
class CookieCSRFStoragePolicy final : public CSRFStoragePolicy {
 public:
  /// Throws Error where no such cookie can be.
  explicit CookieCSRFStoragePolicy(CookieCSRFOptions options = {});
  std::string new_csrf_token(Request& request) const override;
  [[nodiscard]] std::string get_csrf_token(Request& request) const override;

 private:
  std::string cookie_name_;
  CookieOptions cookie_;
  std::string attribute_;  // where the request keeps a token that its cookies do not have yet
};

/// How views are protected by themselves: the arguments of set_default_csrf_options.
struct CSRFOptions {
  bool require_csrf = true;  ///< of views that do not say
  std::string token = "csrf_token";
  std::string header = "X-CSRF-Token";
  std::vector<std::string> safe_methods{"GET", "HEAD", "OPTIONS", "TRACE"};
  bool check_origin = true;
  bool allow_no_origin = false;
  /// Whether this request is to be checked at all: false, say, for one that no cookie identifies.
  std::function<bool(Request&)> callback{};
};

}  // namespace aiopyr

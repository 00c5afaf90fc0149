#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <aiopyr/runtime/web/cookies.h>
#include <aiopyr/runtime/web/httpexceptions.h>

/// Protection from requests that another site makes a browser send: pyramid.csrf. A token that only
/// our own pages know comes with each request that changes something, and over https the site that
/// it comes from is checked. Used on a request's fiber, or by a view.
namespace aiopyr {

class Registry;
class Request;

/// The token is missing or wrong. A 400.
struct BadCSRFToken : HTTPBadRequest {
  explicit BadCSRFToken(std::string detail = {});
  [[noreturn]] void raise() const override { throw BadCSRFToken(*this); }
};

/// The request comes from another site, or does not say where from. A 400.
struct BadCSRFOrigin : HTTPBadRequest {
  explicit BadCSRFOrigin(std::string detail = {});
  [[noreturn]] void raise() const override { throw BadCSRFOrigin(*this); }
};

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

/// Leaves it to the session's own methods. The one that an app has where it sets no other.
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

/// The token to put into a form (field `csrf_token`) or to send as the header X-CSRF-Token. Throws
/// ConfigurationError where the policy needs a session and the app has no session factory.
[[nodiscard]] std::string get_csrf_token(Request& request);
/// A new token, for instance after a login; those in older pages are void.
std::string new_csrf_token(Request& request);

struct CheckCSRFTokenOptions {
  std::string token = "csrf_token";     ///< the form's field; empty: not looked at
  std::string header = "X-CSRF-Token";  ///< empty: not looked at
  bool raises = true;                   ///< throw BadCSRFToken instead of returning false
};

/// Whether the request has the token, in its header or else in its form, never in the query. May
/// read the body.
bool check_csrf_token(Request& request, const CheckCSRFTokenOptions& options = {});

struct CheckCSRFOriginOptions {
  /// "example.com", "example.com:8443", ".example.com" with all below it. Without: the setting
  /// `pyramid.csrf_trusted_origins`, separated by spaces. The app's own host is always trusted.
  std::optional<std::vector<std::string>> trusted_origins{};
  bool allow_no_origin = false;  ///< a request with neither Origin nor Referer passes
  bool raises = true;            ///< throw BadCSRFOrigin instead of returning false
};

/// Whether the request comes from a page of a trusted site, by its Origin or else its Referer. Over
/// http there is nothing to trust: always true.
bool check_csrf_origin(Request& request, const CheckCSRFOriginOptions& options = {});

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

namespace detail {

/// How a view is to be protected; none if it is not. `require_csrf` is the view's own option.
[[nodiscard]] std::optional<CSRFOptions> csrf_options_of(const Registry& registry,
                                                         std::optional<bool> require_csrf,
                                                         bool is_exception_view);

/// What a protected view does first (pyramid.viewderivers.csrf_view). Throws BadCSRFOrigin or
/// BadCSRFToken.
void check_csrf(Request& request, const CSRFOptions& options);

}  // namespace detail

}  // namespace aiopyr

#pragma once

#include <optional>
#include <string>
#include <vector>

#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/runtime/web/security/csrf_storage.h>

/// Protects from requests that another site makes a browser send: pyramid.csrf. Each request that
/// changes something carries a token that only our own pages know, and over https the site that it
/// comes from is checked. Used on a request's fiber, or by a view.
namespace aiopyr {

class Registry;
class Request;

/// Raised if the token is missing or wrong. A 400.
struct BadCSRFToken : HTTPBadRequest {
  explicit BadCSRFToken(std::string detail = {});
  [[noreturn]] void raise() const override { throw BadCSRFToken(*this); }
};

/// Raised if the request comes from another site, or has no origin. A 400.
struct BadCSRFOrigin : HTTPBadRequest {
  explicit BadCSRFOrigin(std::string detail = {});
  [[noreturn]] void raise() const override { throw BadCSRFOrigin(*this); }
};

/// Returns the token to put into a form (field `csrf_token`) or to send as the header X-CSRF-Token.
/// Throws ConfigurationError if the policy needs a session and the app has no session factory.
[[nodiscard]] std::string get_csrf_token(Request& request);
/// Returns a new token, for instance after a login; tokens in older pages become invalid.
std::string new_csrf_token(Request& request);

struct CheckCSRFTokenOptions {
  std::string token = "csrf_token";     ///< the form's field; empty: not checked
  std::string header = "X-CSRF-Token";  ///< empty: not checked
  bool raises = true;                   ///< throws BadCSRFToken instead of returning false
};

/// Returns whether the request has the token, in its header or else in its form, never in the
/// query. May read the body.
bool check_csrf_token(Request& request, const CheckCSRFTokenOptions& options = {});

struct CheckCSRFOriginOptions {
  /// The trusted hosts: "example.com", "example.com:8443", ".example.com" with all below it.
  /// Default: the setting `pyramid.csrf_trusted_origins`, separated by spaces. The app's own host
  /// is always trusted.
  std::optional<std::vector<std::string>> trusted_origins{};
  bool allow_no_origin = false;  ///< a request with neither Origin nor Referer passes
  bool raises = true;            ///< throws BadCSRFOrigin instead of returning false
};

/// Returns whether the request comes from a page of a trusted site, by its Origin or else its
/// Referer. Over http there is nothing to check: always true.
bool check_csrf_origin(Request& request, const CheckCSRFOriginOptions& options = {});

namespace detail {

/// Returns how to protect a view; nullopt if not at all. `require_csrf` is the view's own option.
[[nodiscard]] std::optional<CSRFOptions> csrf_options_of(const Registry& registry,
                                                         std::optional<bool> require_csrf,
                                                         bool is_exception_view);

/// Checks a request before a protected view (pyramid.viewderivers.csrf_view). Throws BadCSRFOrigin
/// or BadCSRFToken.
void check_csrf(Request& request, const CSRFOptions& options);

}  // namespace detail

}  // namespace aiopyr

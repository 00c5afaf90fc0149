#pragma once

#include <optional>
#include <string>
#include <vector>

#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/runtime/web/security/csrf_storage.h>

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

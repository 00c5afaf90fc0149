#include <aiopyr/runtime/text/digest.h>
#include <aiopyr/runtime/web/request/request.h>
#include <aiopyr/runtime/web/security/csrf_storage.h>

namespace aiopyr {
namespace {

/// Makes a token as long as the uuid4 that Pyramid uses, and completely random.
std::string make_token() { return random_hex(16); }

}  // namespace

bool CSRFStoragePolicy::check_csrf_token(Request& request, std::string_view supplied_token) const {
  return constant_time_equal(get_csrf_token(request), supplied_token);
}

std::string LegacySessionCSRFStoragePolicy::new_csrf_token(Request& request) const {
  return request.session().new_csrf_token();
}

std::string LegacySessionCSRFStoragePolicy::get_csrf_token(Request& request) const {
  return request.session().get_csrf_token();
}

std::string SessionCSRFStoragePolicy::new_csrf_token(Request& request) const {
  std::string token = make_token();
  request.session()[key_] = token;
  return token;
}

std::string SessionCSRFStoragePolicy::get_csrf_token(Request& request) const {
  std::string token = request.session().get<std::string>(key_, {});
  return token.empty() ? new_csrf_token(request) : token;
}

CookieCSRFStoragePolicy::CookieCSRFStoragePolicy(CookieCSRFOptions options)
    : cookie_name_(std::move(options.cookie_name)),
      cookie_{.max_age = options.max_age,
              .path = std::move(options.path),
              .domain = std::move(options.domain),
              .secure = options.secure,
              .httponly = options.httponly,
              .samesite = std::move(options.samesite)},
      attribute_("aiopyr.csrf_token:" + cookie_name_) {
  static_cast<void>(make_cookie(cookie_name_, "", cookie_));
}

std::string CookieCSRFStoragePolicy::new_csrf_token(Request& request) const {
  std::string token = make_token();
  request.attributes()[attribute_] = token;
  request.add_response_callback([this, token](Request&, Response& response) {
    response.set_cookie(cookie_name_, token, cookie_);
  });
  return token;
}

std::string CookieCSRFStoragePolicy::get_csrf_token(Request& request) const {
  const auto made = request.attributes().find(attribute_);
  if (made != request.attributes().end()) return std::any_cast<std::string>(made->second);
  const auto cookie = request.cookies().find(cookie_name_);
  const bool is_there = cookie != request.cookies().end() && !cookie->second.empty();
  return is_there ? cookie->second : new_csrf_token(request);
}

}  // namespace aiopyr

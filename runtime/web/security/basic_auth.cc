#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/text/base64.h>
#include <aiopyr/runtime/text/utf8.h>
#include <aiopyr/runtime/web/request/request.h>
#include <aiopyr/runtime/web/security/authentication.h>

namespace aiopyr {

std::optional<HTTPBasicCredentials> extract_http_basic_credentials(const Request& request) {
  const std::string_view header = request.header("Authorization");
  const auto space = header.find(' ');
  if (space == std::string_view::npos || !ascii_iequals(header.substr(0, space), "basic")) {
    return std::nullopt;
  }
  std::optional<std::string> text = base64_decode(trim_whitespace(header.substr(space)));
  if (!text) return std::nullopt;
  if (find_utf8_error(*text)) text = latin1_to_utf8(*text);
  const auto colon = text->find(':');
  if (colon == std::string::npos) return std::nullopt;
  return HTTPBasicCredentials{text->substr(0, colon), text->substr(colon + 1)};
}

BasicAuthAuthenticationPolicy::BasicAuthAuthenticationPolicy(Options options)
    : options_(std::move(options)) {
  if (!options_.check) {
    throw ConfigurationError("Basic authentication needs a check of names and passwords");
  }
}

std::optional<std::string> BasicAuthAuthenticationPolicy::unauthenticated_userid(
    Request& request) const {
  std::optional<HTTPBasicCredentials> credentials = extract_http_basic_credentials(request);
  if (!credentials) return std::nullopt;
  return std::move(credentials->username);
}

std::optional<Principals> BasicAuthAuthenticationPolicy::callback(const std::string&,
                                                                  Request& request) const {
  const std::optional<HTTPBasicCredentials> credentials = extract_http_basic_credentials(request);
  if (!credentials) return std::nullopt;
  return options_.check(credentials->username, credentials->password, request);
}

Headers BasicAuthAuthenticationPolicy::forget(Request&) const {
  return {{"WWW-Authenticate", "Basic realm=\"" + options_.realm + "\""}};
}

}  // namespace aiopyr

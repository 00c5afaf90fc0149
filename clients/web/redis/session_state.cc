#include <algorithm>
#include <cmath>

#include <aiopyr/clients/web/redis/session_state.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/runtime/web/http/json_parser.h>
#include <aiopyr/runtime/web/request/request.h>

namespace aiopyr::redis::detail {

namespace {

const SessionOptions& checked(const SessionOptions& options) {
  using std::chrono::seconds;
  if (options.timeout < seconds(1) || options.renew_after < seconds(0) ||
      options.renew_after >= options.timeout) {
    throw ConfigurationError(
        "redis::SessionOptions: timeout has to be a second at least, and longer than renew_after");
  }
  return options;
}

bool is_session(const Json& value) {
  if (!value.is_object() || !value.contains("created") || !value.contains("data")) return false;
  return value["created"].is_number() && std::isfinite(value["created"].get<double>()) &&
         value["data"].is_object();
}

}  // namespace

SessionProfile::SessionProfile(SessionOptions with)
    : options(std::move(with)),
      serializer(checked(options).secret, options.salt, options.hashalg),
      cookie{.max_age = options.max_age,
             .path = options.path,
             .domain = options.domain,
             .secure = options.secure,
             .httponly = options.httponly,
             .samesite = options.samesite} {
  static_cast<void>(make_cookie(options.cookie_name, "", cookie));
}

std::string SessionProfile::claimed_id(Request& request) const {
  const auto found = request.cookies().find(options.cookie_name);
  if (found == request.cookies().end()) return {};
  return serializer.loads(found->second).value_or("");
}

std::string write_session(double created, const Json& data) {
  const Json value = {{"created", created}, {"data", data}};
  return value.dump(-1, ' ', true, Json::error_handler_t::replace);
}

bool read_session(const std::string& text, SessionState& state) {
  Json value;
  try {
    value = parse_json(text);
  } catch (const HTTPBadRequest&) {
    return false;
  }
  if (!is_session(value)) return false;
  state.created = value["created"].get<double>();
  state.data = std::move(value["data"]);
  return true;
}

}  // namespace aiopyr::redis::detail

#include <cmath>
#include <utility>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/http/cookies.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/runtime/web/http/json_parser.h>
#include <aiopyr/runtime/web/request/request.h>
#include <aiopyr/runtime/web/security/cookie_session.h>
#include <aiopyr/runtime/web/security/signed_serializer.h>

namespace aiopyr {

namespace detail {

struct CookieSessionProfile {
  SignedCookieSessionOptions options;
  SignedSerializer serializer;
  CookieOptions cookie;
};

}  // namespace detail

namespace {

using Profile = detail::CookieSessionProfile;

/// The longest value, so that it fits into a browser's 4096 bytes together with the cookie's name.
constexpr std::size_t kMaxSessionValue = 4064;

/// The contents of a cookie.
struct Stored {
  double renewed = 0;
  double created = 0;
  Json state = Json::object();
  bool is_new = true;
};

bool is_time(const Json& value) {
  constexpr double kFarFuture = 1e12;
  return value.is_number() && std::abs(value.get<double>()) < kFarFuture;
}

bool is_stored_session(const Json& value) {
  return value.is_array() && value.size() == 3 && is_time(value[0]) && is_time(value[1]) &&
         value[2].is_object();
}

std::optional<Json> parse(const std::string& text) {
  try {
    return parse_json(text);
  } catch (const HTTPBadRequest&) {
    return std::nullopt;  // signed with our secret, but not a session
  }
}

Stored load(const Profile& profile, Request& request, double now) {
  Stored stored{now, now};
  const auto cookie = request.cookies().find(profile.options.cookie_name);
  if (cookie == request.cookies().end()) return stored;
  const std::optional<std::string> text = profile.serializer.loads(cookie->second);
  std::optional<Json> value = text ? parse(*text) : std::nullopt;
  if (!value || !is_stored_session(*value)) return stored;
  stored = {(*value)[0].get<double>(), (*value)[1].get<double>(), std::move((*value)[2]), false};
  const auto& timeout = profile.options.timeout;
  if (timeout && now - stored.renewed > static_cast<double>(timeout->count())) {
    stored.state = Json::object();
  }
  return stored;
}

/// pyramid.session.BaseCookieSessionFactory's CookieSession.
class CookieSession final : public Session {
 public:
  CookieSession(std::shared_ptr<const Profile> profile, Request& request, Stored stored)
      : Session(std::move(stored.state), stored.created, stored.is_new),
        profile_(std::move(profile)),
        request_(request),
        renewed_(stored.renewed),
        accessed_(stored.renewed) {}

  void changed() override {
    if (std::exchange(is_dirty_, true)) return;
    request_.add_response_callback(
        [this](Request& request, Response& response) { set_cookie(request, response); });
  }

 private:
  void accessed() override {
    accessed_ = std::floor(profile_->options.clock());
    const auto& reissue_time = profile_->options.reissue_time;
    if (reissue_time && accessed_ - renewed_ > static_cast<double>(reissue_time->count())) {
      changed();
    }
  }

  void set_cookie(const Request& request, Response& response) const {
    if (!profile_->options.set_on_exception && request.exception()) return;
    const Json value = {static_cast<std::int64_t>(accessed_), created(), data()};
    const std::string text =
        profile_->serializer.dumps(value.dump(-1, ' ', true, Json::error_handler_t::replace));
    if (text.size() > kMaxSessionValue) {
      throw Error("The session is too long for a cookie: " + std::to_string(text.size()) +
                  " bytes, where " + std::to_string(kMaxSessionValue) +
                  " fit. Keep less in it, or only a key to what is stored elsewhere.");
    }
    response.set_cookie(profile_->options.cookie_name, text, profile_->cookie);
  }

  std::shared_ptr<const Profile> profile_;
  Request& request_;  // owns this session
  double renewed_;
  double accessed_;
  bool is_dirty_ = false;
};

}  // namespace

SignedCookieSessionFactory::SignedCookieSessionFactory(SignedCookieSessionOptions options) {
  SignedSerializer serializer(options.secret, options.salt, options.hashalg);
  CookieOptions cookie{.max_age = options.max_age,
                       .path = options.path,
                       .domain = options.domain,
                       .secure = options.secure,
                       .httponly = options.httponly,
                       .samesite = options.samesite};
  static_cast<void>(make_cookie(options.cookie_name, "", cookie));
  profile_ = std::make_shared<const Profile>(
      Profile{std::move(options), std::move(serializer), std::move(cookie)});
}

std::unique_ptr<Session> SignedCookieSessionFactory::operator()(Request& request) const {
  return std::make_unique<CookieSession>(profile_, request,
                                         load(*profile_, request, profile_->options.clock()));
}

}  // namespace aiopyr

#include <any>
#include <memory>
#include <utility>

#include <aiopyr/clients/redis/client.h>
#include <aiopyr/clients/web/redis/session_store.h>
#include <aiopyr/clients/web/redis/sessions.h>
#include <aiopyr/runtime/async/fibers/fiber_wait.h>
#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/base/client_errors.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/runtime/web/request/request.h>

namespace aiopyr::redis {

namespace detail {

namespace {

constexpr const char* kAttribute = "aiopyr.redis.session";

HTTPServiceUnavailable away() {
  return HTTPServiceUnavailable("The server cannot reach its sessions. Please try again later.");
}

/// Writes to the app's log that Redis fails, at most once in ten seconds. Loop thread only.
class FailureLog {
 public:
  void add(const Registry& registry, const ClientError& error) {
    const TimePoint now = Loop::require("redis::add_sessions").now();
    if (last_ && now - *last_ < std::chrono::seconds(10)) return;
    last_ = now;
    registry.log(LogLevel::kWarning, std::string("sessions: ") + error.what());
  }

 private:
  std::optional<TimePoint> last_;
};

/// The tween around the views: loads a request's session, and stores it.
class SessionTween {
 public:
  SessionTween(SharedProfile profile, Handler next)
      : profile_(std::move(profile)), next_(std::move(next)) {}

  Response operator()(Request& request) const {
    const auto& is_needed = profile_->options.is_needed;
    if (is_needed && !is_needed(request)) return next_(request);
    const auto state = std::make_shared<SessionState>();
    state->created = profile_->options.clock();
    load(request, *state);
    request.attributes()[kAttribute] = state;
    Response response = next_(request);
    store(request, *state, response);
    return response;
  }

 private:
  Client& client(const Request& request) const {
    return request.registry().get<Client>(profile_->options.client);
  }

  void load(Request& request, SessionState& state) const {
    std::string id = profile_->claimed_id(request);
    if (id.empty()) return;
    try {
      wait_on_fiber(load_session(&client(request), profile_, std::move(id), &state));
    } catch (const ClientError& error) {
      const double created = state.created;
      state = SessionState();
      state.created = created;
      state.is_away = true;
      failures_->add(request.registry(), error);
    }
  }

  void store(Request& request, const SessionState& state, Response& response) const {
    SessionChange change;
    // A session that could not be loaded is not stored: that would replace it.
    if (state.session != nullptr && !state.is_away) change = find_change(*profile_, state);
    const bool is_gone = !change.old_id.empty() && change.id.empty();
    const std::string& id = change.is_new ? change.id : state.id;
    std::string cookie;
    if (change.is_new || (profile_->cookie.max_age && state.is_renewed)) {
      cookie = profile_->serializer.dumps(id);
    }
    if (!write(request, std::move(change))) return;
    if (is_gone) {
      response.delete_cookie(profile_->options.cookie_name, profile_->cookie.path,
                             profile_->cookie.domain);
    } else if (!cookie.empty()) {
      response.set_cookie(profile_->options.cookie_name, cookie, profile_->cookie);
    }
  }

  /// Returns whether it is stored. Throws HTTPServiceUnavailable where Redis is required.
  bool write(Request& request, SessionChange change) const {
    if (change.id.empty() && change.old_id.empty()) return true;
    try {
      wait_on_fiber(store_session(&client(request), profile_, std::move(change)));
      return true;
    } catch (const ClientError& error) {
      failures_->add(request.registry(), error);
    }
    if (profile_->options.requires_redis) throw away();
    return false;
  }

  SharedProfile profile_;
  Handler next_;
  std::shared_ptr<FailureLog> failures_ = std::make_shared<FailureLog>();
};

std::unique_ptr<Session> make_session(Request& request, bool requires_redis) {
  const auto found = request.attributes().find(kAttribute);
  if (found == request.attributes().end()) {
    throw InvalidStateError(
        "the session of this request was not loaded: its tween (redis::kSessionTween) has not run. "
        "Put a tween that uses the session under it; is_needed has to hold for the request, and a "
        "subrequest has to use tweens");
  }
  SessionState& state = *std::any_cast<const std::shared_ptr<SessionState>&>(found->second);
  if (state.is_away && requires_redis) throw away();
  auto session = std::make_unique<RedisSession>(state);
  state.session = session.get();
  return session;
}

}  // namespace
}  // namespace detail

void add_sessions(Configurator& config, SessionOptions options) {
  const bool requires_redis = options.requires_redis;
  detail::SharedProfile profile =
      std::make_shared<const detail::SessionProfile>(std::move(options));
  config.set_session_factory(
      [requires_redis](Request& request) { return detail::make_session(request, requires_redis); });
  config.add_tween(
      [profile = std::move(profile)](Handler next, Registry&) -> Handler {
        return detail::SessionTween(profile, std::move(next));
      },
      {.name = std::string(kSessionTween)});
}

std::function<void(Configurator&)> include_sessions(SessionOptions options) {
  return [options = std::move(options)](Configurator& config) { add_sessions(config, options); };
}

void renew_session_id(Session& session) {
  if (auto* const ours = dynamic_cast<detail::RedisSession*>(&session)) ours->renew_id();
}

}  // namespace aiopyr::redis

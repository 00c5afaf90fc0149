#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <aiopyr/clients/web/redis/sessions.h>
#include <aiopyr/runtime/web/http/cookies.h>
#include <aiopyr/runtime/web/json/json.h>
#include <aiopyr/runtime/web/request/session.h>
#include <aiopyr/runtime/web/security/signed_serializer.h>

namespace aiopyr::redis::detail {

/// The settings of all sessions of an app.
struct SessionProfile {
  explicit SessionProfile(SessionOptions with);

  [[nodiscard]] std::string key(std::string_view id) const {
    return options.prefix + std::string(id);
  }
  /// Returns the identifier that the request's cookie holds; empty unless we have made it.
  [[nodiscard]] std::string claimed_id(Request& request) const;

  SessionOptions options;
  SignedSerializer serializer;
  CookieOptions cookie;
};

class RedisSession;

/// A request's session from before the view until after it: what was loaded, and the object that
/// the view uses, once there is one. Kept by the tween and, for the session factory, in the
/// request's attributes.
struct SessionState {
  std::string id;      ///< of the session in Redis; empty if the request brought none that is there
  std::string stored;  ///< what is stored, as JSON
  Json data = Json::object();
  double created = 0;
  bool is_renewed = false;  ///< its time was extended
  bool is_away = false;     ///< Redis did not answer
  RedisSession* session = nullptr;
};

class RedisSession final : public Session {
 public:
  explicit RedisSession(SessionState& state)
      : Session(std::move(state.data), state.created, state.id.empty()) {}

  void changed() override { is_changed_ = true; }
  void invalidate() override {
    clear();
    is_invalidated_ = true;
  }
  /// Has the data stored under a new identifier.
  void renew_id() noexcept {
    is_changed_ = true;
    wants_new_id_ = true;
  }

  [[nodiscard]] bool is_changed() const noexcept { return is_changed_; }
  [[nodiscard]] bool is_invalidated() const noexcept { return is_invalidated_; }
  [[nodiscard]] bool wants_new_id() const noexcept { return wants_new_id_ || is_invalidated_; }
  [[nodiscard]] const Json& stored_data() const noexcept { return data(); }

 private:
  void accessed() override {}

  bool is_changed_ = false;
  bool is_invalidated_ = false;
  bool wants_new_id_ = false;
};

/// Returns a session's JSON: an object of `created` and `data`.
[[nodiscard]] std::string write_session(double created, const Json& data);
/// Reads it into `state`; returns false, and changes nothing, if it is something else.
[[nodiscard]] bool read_session(const std::string& text, SessionState& state);

}  // namespace aiopyr::redis::detail

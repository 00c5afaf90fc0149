#include <chrono>
#include <cstdint>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include <aiopyr/clients/web/redis/session_store.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/text/digest.h>

namespace aiopyr::redis::detail {

namespace {

constexpr std::size_t kIdBytes = 32;

std::int64_t milliseconds(std::chrono::seconds time) {
  return std::chrono::milliseconds(time).count();
}

/// Returns whether a session that is kept for `remaining` milliseconds more has to be extended; -1
/// says for ever, by somebody else's doing.
bool is_renewal_due(const SessionOptions& options, std::int64_t remaining) {
  return remaining < milliseconds(options.timeout - options.renew_after);
}

void require_short(const SessionProfile& profile, const std::string& text) {
  if (text.size() <= profile.options.max_bytes) return;
  throw Error("The session is too long: " + std::to_string(text.size()) + " bytes, where " +
              std::to_string(profile.options.max_bytes) +
              " are allowed (max_bytes). Keep less in it, or only a key to what is stored "
              "elsewhere.");
}

}  // namespace

Task<> load_session(Client* client, SharedProfile profile, std::string id, SessionState* state) {
  const std::string key = profile->key(id);
  auto asking = client->pipeline<std::optional<std::string>, std::int64_t>(Command("GET", key),
                                                                           Command("PTTL", key));
  auto [text, remaining] = co_await std::move(asking);
  if (!text || !read_session(*text, *state)) co_return;
  state->id = std::move(id);
  state->stored = std::move(*text);
  if (!is_renewal_due(profile->options, remaining)) co_return;
  auto renewing = client->expire(key, profile->options.timeout);
  state->is_renewed = co_await std::move(renewing);
}

SessionChange find_change(const SessionProfile& profile, const SessionState& state) {
  const RedisSession& session = *state.session;
  SessionChange change;
  if (!session.is_changed()) return change;
  const bool needs_id = state.id.empty() || session.wants_new_id();
  if (session.wants_new_id()) change.old_id = state.id;
  // Nothing is kept of a visitor for whom nothing was stored.
  if (needs_id && session.stored_data().empty()) return change;
  const double created = session.is_invalidated() ? profile.options.clock() : session.created();
  change.text = write_session(created, session.stored_data());
  if (!needs_id && change.text == state.stored) return change;
  require_short(profile, change.text);
  change.id = needs_id ? random_hex(kIdBytes) : state.id;
  change.is_new = needs_id;
  return change;
}

Task<> store_session(Client* client, SharedProfile profile, SessionChange change) {
  std::vector<Command> commands;
  if (!change.old_id.empty()) commands.emplace_back("DEL", profile->key(change.old_id));
  if (!change.id.empty()) {
    commands.emplace_back("SET", profile->key(change.id), change.text, "PX",
                          milliseconds(profile->options.timeout), change.is_new ? "NX" : "XX");
  }
  if (commands.empty()) co_return;
  auto storing = client->pipeline(std::move(commands));
  const std::vector<Value> replies = co_await std::move(storing);
  for (const Value& reply : replies) {
    if (reply.is_error()) throw ReplyError({"redis", "", "storing a session"}, reply.text());
  }
}

}  // namespace aiopyr::redis::detail

#pragma once

#include <memory>
#include <string>

#include <aiopyr/clients/redis/client.h>
#include <aiopyr/clients/web/redis/session_state.h>
#include <aiopyr/runtime/async/tasks/task.h>

/// Reads sessions from Redis and writes them to it. Pointers must outlive the tasks.
namespace aiopyr::redis::detail {

using SharedProfile = std::shared_ptr<const SessionProfile>;

/// Loads the session `id` into `state`, if there is one, and extends its time where that is due.
/// Throws ClientError.
[[nodiscard]] Task<> load_session(Client* client, SharedProfile profile, std::string id,
                                  SessionState* state);

/// The change to a stored session.
struct SessionChange {
  std::string old_id;  ///< to be removed; empty for none
  std::string id;      ///< to be stored; empty for none
  std::string text;
  bool is_new = false;  ///< the browser does not know `id` yet
};

/// Returns what has to be stored of a session that a view has used. Throws Error for one that is
/// too long.
[[nodiscard]] SessionChange find_change(const SessionProfile& profile, const SessionState& state);

/// Stores a session. One that was removed meanwhile, by another request, is not stored again.
/// Throws ClientError.
[[nodiscard]] Task<> store_session(Client* client, SharedProfile profile, SessionChange change);

}  // namespace aiopyr::redis::detail

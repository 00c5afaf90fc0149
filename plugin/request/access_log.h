#pragma once

namespace aiopyr::plugin {

/// Returns whether the log needs each request's id, so that it is made before the view runs.
[[nodiscard]] bool log_wants_request_id() noexcept;

/// Adds `%(route)`, `%(view_ms)` and `%(request_id)` to the variables of uWSGI's log-format; they
/// cost nothing if it does not use them. Called from on_load: the format is read later.
void register_log_variables() noexcept;

/// Makes uWSGI log requests, of this and of other plugins, as JSON if aiopyr-access-log says so;
/// uWSGI's own options still select which ones. Called from post_init. Ends the start if a
/// log-format is set as well.
void install_access_log() noexcept;

}  // namespace aiopyr::plugin

#pragma once

namespace aiopyr::plugin {

/// Whether the log wants each request's id, so that it has to have one before its view runs.
[[nodiscard]] bool log_wants_request_id() noexcept;

/// Adds `%(route)`, `%(view_ms)` and `%(request_id)` to what uWSGI's log-format knows; they cost
/// nothing where it does not ask for them. From on_load: the format is read later.
void register_log_variables() noexcept;

/// Has uWSGI log requests, of this and of other plugins, as JSON where aiopyr-access-log says so:
/// which ones it logs stays the matter of its own options. From post_init. Ends the start where a
/// log-format is set as well.
void install_access_log() noexcept;

}  // namespace aiopyr::plugin

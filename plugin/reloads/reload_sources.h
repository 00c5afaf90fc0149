#pragma once

#include <cstdint>
#include <string>

namespace aiopyr::plugin {

/// Those who ask for a reload, as bits.
using ReloadSources = std::uint32_t;

/// Takes over, from uWSGI's master, how it is asked for reloads: they are noted from here on. Once,
/// in the master's cycle.
void take_over_reloads() noexcept;

/// Notes those files that were touched since it was looked.
void note_touched_files() noexcept;

/// Does so once a second, as uWSGI does: each time that the master looks around.
void look_at_touched_files() noexcept;

/// Notes what the Emperor wants; all but a reload is done by uWSGI at once.
void look_at_emperor() noexcept;

/// Tells who has asked, and waits for it, that there is no reload.
void tell_refusal(ReloadSources sources) noexcept;

/// Returns who has asked since the last call.
[[nodiscard]] ReloadSources take_asked() noexcept;

/// Does what uWSGI does when these ask.
void carry_out(ReloadSources sources) noexcept;

/// Returns their names, as an operator knows them: `SIGHUP, touch-reload`.
[[nodiscard]] std::string names_of(ReloadSources sources);

}  // namespace aiopyr::plugin

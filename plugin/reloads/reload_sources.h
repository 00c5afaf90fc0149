#pragma once

#include <cstdint>
#include <string>

namespace aiopyr::plugin {

/// The sources of reloads, such as a signal or a touched file, as bits.
using ReloadSources = std::uint32_t;

/// Takes over all ways in which uWSGI's master is asked to reload: from now on a request is only
/// recorded. Called once, in the master's cycle.
void take_over_reloads() noexcept;

/// Records the files of touch-reload and its variants that were touched since the last look.
void note_touched_files() noexcept;

/// Calls note_touched_files() once a second, as often as uWSGI looks. Called each time the master
/// looks around.
void look_at_touched_files() noexcept;

/// Records an order of the Emperor's to reload; uWSGI carries out all other orders at once.
void look_at_emperor() noexcept;

/// Tells the Emperor that there is no reload, if it is one of `sources`. The others do not wait for
/// an answer.
void tell_refusal(ReloadSources sources) noexcept;

/// Returns the sources that have asked since the last call.
[[nodiscard]] ReloadSources take_asked() noexcept;

/// Does what uWSGI does when these sources ask.
void carry_out(ReloadSources sources) noexcept;

/// Returns the names of the sources, as an operator knows them: `SIGHUP, touch-reload`.
[[nodiscard]] std::string names_of(ReloadSources sources);

}  // namespace aiopyr::plugin

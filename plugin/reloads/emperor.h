#pragma once

/// What the Emperor tells a vassal's master: uWSGI obeys at once, which leaves no time to try a
/// reload. In the master.
namespace aiopyr::plugin {

/// Takes over from uWSGI to hear the Emperor, where there is one that speaks to this process.
void hear_emperor() noexcept;

/// Returns whether the Emperor has ordered a reload. All other orders, and its end, are uWSGI's,
/// and obeyed within. Each time that the master looks around.
bool is_reload_ordered_by_emperor() noexcept;

/// Does what uWSGI does for such an order. Takes what a signal handler does.
void reload_as_vassal(int) noexcept;

/// Tells the Emperor, who takes a vassal that reloads for one that does not serve, that it serves.
void tell_emperor_of_refusal() noexcept;

}  // namespace aiopyr::plugin

#pragma once

/// Handles the Emperor's orders to the master of a vassal. uWSGI obeys an order to reload at once,
/// which leaves no time to try it. Called in the master.
namespace aiopyr::plugin {

/// Begins to read the Emperor's orders in uWSGI's place. Does nothing without an Emperor, and in a
/// vassal that is an Emperor proxy itself (emperor-proxy-socket).
void hear_emperor() noexcept;

/// Returns whether the Emperor has ordered a reload. Leaves any other order, and the end of the
/// connection, to uWSGI, which obeys within this call. Called each time the master looks around.
bool is_reload_ordered_by_emperor() noexcept;

/// Does what uWSGI does for an order to reload. Ignores its argument: it has the type of a signal
/// handler.
void reload_as_vassal(int) noexcept;

/// Tells the Emperor that this vassal serves: a vassal that was ordered to reload counts as one
/// that does not.
void tell_emperor_of_refusal() noexcept;

}  // namespace aiopyr::plugin

#pragma once

/// The limit of a process's open files and sockets: a connection is one. The soft limit, which is
/// enforced, is often a thousand where the hard one is much higher; programs that use select() need
/// it that low, and uWSGI leaves it as it is.
namespace aiopyr::plugin {

/// Raises the soft limit to the hard one, for uWSGI's routers as well.
///
/// Call it when the plugin is loaded: uWSGI sizes tables by the limit that it finds after its
/// options are read, and if it has more cores than descriptors it lowers the hard limit to their
/// number. `max-fd`, which uWSGI applies then, still has priority.
void raise_fd_limit() noexcept;

/// Logs that the limit was raised; once the options are read.
void announce_fd_limit() noexcept;

}  // namespace aiopyr::plugin

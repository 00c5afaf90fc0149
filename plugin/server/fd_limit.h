#pragma once

/// How many files and sockets a process may have open: a connection is one. The soft limit, which
/// counts, is often a thousand where the hard one is many times that; programs that use select()
/// need it so low, and uWSGI leaves it as it is.
namespace aiopyr::plugin {

/// Raises the soft limit to the hard one, for uWSGI's routers as well.
///
/// To be called when the plugin is loaded: uWSGI makes tables of the size that it finds after its
/// options are read, and where it has more cores than descriptors it lowers the hard limit to their
/// number. `max-fd`, which it applies then, still counts more.
void raise_fd_limit() noexcept;

/// Logs that it was raised; once the options are read.
void announce_fd_limit() noexcept;

}  // namespace aiopyr::plugin

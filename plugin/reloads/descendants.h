#pragma once

/// The processes below this one, also those that have made themselves independent (setsid(), a
/// daemon's double fork). All of it may be called in a signal handler.
namespace aiopyr::plugin {

/// Makes this process the parent of each descendant whose own parent ends.
void adopt_descendants() noexcept;

/// Kills all of them, and waits until they are dead, however long that takes: a process in the
/// middle of the kernel's own business dies only behind that. Leaves alone what it cannot find
/// where there is no /proc.
void end_descendants() noexcept;

}  // namespace aiopyr::plugin

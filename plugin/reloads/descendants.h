#pragma once

/// The processes below this one, including those that have made themselves independent (setsid(), a
/// daemon's double fork). All functions may be called in a signal handler.
namespace aiopyr::plugin {

/// Makes this process the parent of each descendant whose own parent ends.
void adopt_descendants() noexcept;

/// Kills all of them, and waits until they are dead, however long that takes: a process in the
/// middle of an operation of the kernel dies only after it. Does nothing without /proc, by which it
/// finds them.
void end_descendants() noexcept;

}  // namespace aiopyr::plugin

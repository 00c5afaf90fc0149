#pragma once

#include <cstddef>
#include <exception>
#include <optional>

#include <aiopyr/runtime/base/backtrace.h>

namespace aiopyr {

/// Remembers where the exceptions that currently exist were thrown, so that a report can name the
/// place after the stack has been unwound.
///
/// The throws have to be noted: under uWSGI the plugin does that (plugin/failures/throw_hook.h); in
/// a unit test nothing does. Any thread; nothing here throws or allocates.

/// Destroys an exception object; null if it needs no destruction.
using DestroyException = void (*)(void*);

/// The most exceptions that are remembered at a time, in all threads together.
inline constexpr std::size_t kMostThrowSites = 128;

/// Notes that the exception object at `thrown` is thrown with this stack. Returns the destructor to
/// use instead of `destroy`, which also forgets the stack, so that a later exception in the same
/// memory is not mistaken for this one. Returns `destroy` itself where all slots are taken.
DestroyException note_throw(const void* thrown, DestroyException destroy,
                            const Backtrace& where) noexcept;

/// Returns the stack with which `error` was first thrown; nullopt if that was not noted.
std::optional<Backtrace> thrown_at(const std::exception_ptr& error) noexcept;

}  // namespace aiopyr

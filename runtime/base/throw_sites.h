#pragma once

#include <cstddef>
#include <exception>
#include <optional>

#include <aiopyr/runtime/base/backtrace.h>

namespace aiopyr {

/// Where the exceptions that exist now were thrown: who reports one can say so, long after its
/// stack has been unwound.
///
/// Somebody has to note the throws: under uWSGI the plugin does (plugin/throw_hook.h), in a test
/// nobody. Any thread; nothing here throws or allocates.

/// What destroys an exception object; null where there is nothing to do.
using DestroyException = void (*)(void*);

/// So many are remembered at a time, of all threads.
inline constexpr std::size_t kMostThrowSites = 128;

/// Notes that the exception object at `thrown` is thrown with this stack. Returns what has to
/// destroy it in the place of `destroy`: it forgets the stack as well, so that an exception which
/// is made in the same memory later is not taken for this one. That is `destroy` itself where there
/// are too many to remember.
DestroyException note_throw(const void* thrown, DestroyException destroy,
                            const Backtrace& where) noexcept;

/// The stack with which `error` was thrown; none where that was not noted. Where it was rethrown
/// does not count.
std::optional<Backtrace> thrown_at(const std::exception_ptr& error) noexcept;

}  // namespace aiopyr

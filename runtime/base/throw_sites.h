#pragma once

#include <exception>
#include <optional>

#include <aiopyr/runtime/base/backtrace.h>

namespace aiopyr {

/// Where the latest exceptions were thrown: who reports one can say so, long after its stack has
/// been unwound.
///
/// Somebody has to note the throws: under uWSGI the plugin does (plugin/throw_hook.h), in a test
/// nobody. The latest of all threads are kept, few, as an exception that is reported is reported
/// soon. Any thread; nothing here throws.

/// Notes that the exception object at `thrown` is thrown with this stack.
void note_throw(const void* thrown, const Backtrace& where) noexcept;

/// The stack with which `error` was thrown; none where that was not noted, or too long ago. Where
/// it was rethrown does not count.
std::optional<Backtrace> thrown_at(const std::exception_ptr& error) noexcept;

}  // namespace aiopyr

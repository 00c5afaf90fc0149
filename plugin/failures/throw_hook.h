#pragma once

namespace aiopyr::plugin {

/// Has every exception noted where it is thrown (runtime/base/throw_sites.h), in all code that is
/// loaded now: to be called again when more is. Exceptions that are ordinary answers or ends
/// (HttpException, CancelledError, ...) are not noted, so they cost a look at their type.
///
/// A C++ exception carries no stack, and when it is caught the stack is gone: coroutines catch
/// everything where they end. So each loaded object's pointer to __cxa_throw is turned to a
/// function of ours, which then goes on to the real one. To export that name instead does not do:
/// uWSGI itself is linked with libstdc++ (by ICU), which comes first.
///
/// At the start, while there is one thread. Where an object cannot be changed, what it throws is
/// reported without a stack.
void watch_throws() noexcept;

}  // namespace aiopyr::plugin

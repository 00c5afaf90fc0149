#pragma once

namespace aiopyr::plugin {

/// Makes every exception noted where it is thrown (runtime/base/throw_sites.h), in all code that is
/// loaded now: call it again when more code is loaded. Exceptions that are ordinary answers or ends
/// (HttpException, CancelledError, ...) are not noted; they cost only a check of their type.
///
/// A C++ exception carries no stack, and when it is caught the stack is gone: coroutines catch
/// everything where they end. So each loaded object's pointer to __cxa_throw is set to a function
/// of ours, which calls the real one. Exporting that name instead does not work: uWSGI itself is
/// linked with libstdc++ (by ICU), which comes first.
///
/// Called at the start, while there is one thread. If an object cannot be changed, its exceptions
/// are reported without a stack.
void watch_throws() noexcept;

}  // namespace aiopyr::plugin

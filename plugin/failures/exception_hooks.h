#pragma once

#include <aiopyr/plugin/failures/failure.h>

struct uwsgi_buffer;
struct wsgi_request;

namespace aiopyr::plugin {

/// Does for the exceptions of an aiopyr app what uWSGI does for those of its plugins: counts them,
/// calls its handlers (`exception-handler`), and obeys `reload-on-exception` and similar options,
/// which here begin the worker's drain, so that requests in flight are answered. uWSGI's own code
/// would exit() in the middle of them, and compares types with messages.
///
/// On the fiber of `request`, once it has an app.
void manage_exception(wsgi_request& request, const Failure& failure) noexcept;

/// Sends uWSGI's answer under `catch-exceptions`: type, message and the request's variables as
/// text, for developers who have asked for that; never the stack. Returns false if it is not
/// enabled. Requires: nothing has been answered.
bool show_exception(wsgi_request& request, const Failure& failure) noexcept;

/// Describe the exception that uWSGI is handling, as hooks of its plugin table. The caller owns
/// their results; null if there is none.
uwsgi_buffer* exception_class(wsgi_request* request) noexcept;
uwsgi_buffer* exception_message(wsgi_request* request) noexcept;
uwsgi_buffer* exception_repr(wsgi_request* request) noexcept;
uwsgi_buffer* exception_backtrace(wsgi_request* request) noexcept;

}  // namespace aiopyr::plugin

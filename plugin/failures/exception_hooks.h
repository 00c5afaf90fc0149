#pragma once

#include <aiopyr/plugin/failures/failure.h>

struct uwsgi_buffer;
struct wsgi_request;

namespace aiopyr::plugin {

/// What uWSGI does about an app's exceptions, for those that an aiopyr app lets through: it counts
/// them, tells its handlers (`exception-handler`), and is asked to reload (`reload-on-exception`
/// and its neighbours), which here begins the worker's drain, so that requests in flight are
/// answered. uWSGI's own code would exit() in the middle of them, and compares types with messages.
///
/// On the fiber of `request`, once it has an app.
void manage_exception(wsgi_request& request, const Failure& failure) noexcept;

/// uWSGI's answer under `catch-exceptions`: type, message and the request's variables as text, for
/// developers who have asked for that; never the stack. Returns false where it is not wanted.
/// Requires: nothing has been answered.
bool show_exception(wsgi_request& request, const Failure& failure) noexcept;

/// The hooks of uWSGI's plugin table by which it asks about the exception that it is being told of.
/// The caller owns what they return; null where there is none.
uwsgi_buffer* exception_class(wsgi_request* request) noexcept;
uwsgi_buffer* exception_message(wsgi_request* request) noexcept;
uwsgi_buffer* exception_repr(wsgi_request* request) noexcept;
uwsgi_buffer* exception_backtrace(wsgi_request* request) noexcept;

}  // namespace aiopyr::plugin

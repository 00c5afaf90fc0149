#pragma once

#include <aiopyr/runtime/web/http/response.h>

namespace aiopyr {

class Request;

/// Answers a request that the app itself has made, without a client: pyramid's
/// Request.invoke_subrequest. On a fiber, so a coroutine view awaits it through spawn_fiber().
///
///     BlankRequest sub("/menu", {}, request.registry());
///     Response menu = invoke_subrequest(sub);
///
/// The app is the one whose registry `subrequest` has. The subrequest's own callbacks and events
/// run as in the router. Exceptions reach the caller, including HTTPNotFound for a URL that leads
/// nowhere; with `use_tweens` all tweens run around it, exception views included. The response is
/// as the view made it: prepare() writes an HTTP exception's page.
[[nodiscard]] Response invoke_subrequest(Request& subrequest, bool use_tweens = false);

}  // namespace aiopyr

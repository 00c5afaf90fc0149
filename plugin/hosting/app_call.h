#pragma once

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/http/response.h>
#include <aiopyr/runtime/web/request/request.h>

namespace aiopyr::plugin {

struct HostedApp;

/// Thrown when a request's time has passed; answered with 504.
class RequestTimedOut final : public TimeoutError {
 public:
  using TimeoutError::TimeoutError;
};

/// Calls an app within the request's deadline, and records its time and route for metrics and logs.
/// Returns a response that is ready to be sent. On the request's fiber.
///
/// A view that takes too long is cancelled, as is one whose client goes away. If the app catches
/// the cancellation and answers, it is late nevertheless: throws RequestTimedOut. Also throws the
/// exceptions of detail::ask_app().
[[nodiscard]] Response call_app(const HostedApp& app, Request& request);

}  // namespace aiopyr::plugin

#pragma once

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/http/response.h>
#include <aiopyr/runtime/web/request/request.h>

namespace aiopyr::plugin {

struct HostedApp;

/// Thrown where a request's time is over; answered with 504.
class RequestTimedOut final : public TimeoutError {
 public:
  using TimeoutError::TimeoutError;
};

/// Asks an app within the request's deadline, and notes for metrics and logs how long it took and
/// which route it was. Returns what is ready to leave. On the request's fiber.
///
/// A view that takes too long is cancelled, as is one whose client goes away; an app that catches
/// that, and answers, is late all the same. Throws RequestTimedOut then, and what
/// detail::ask_app() throws.
[[nodiscard]] Response call_app(const HostedApp& app, Request& request);

}  // namespace aiopyr::plugin

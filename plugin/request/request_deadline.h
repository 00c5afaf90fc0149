#pragma once

#include <aiopyr/runtime/async/loop/timer.h>

struct wsgi_request;

namespace aiopyr {
class Fiber;
}

namespace aiopyr::plugin {

/// When a request's time is over (aiopyr-request-timeout, a view's request_timeout): its fiber is
/// cancelled, and with it the task and the waits that the fiber is parked in. Who unwinds it then
/// answers 504.
///
/// A thread that works for the request cannot be cancelled, and the fiber stays until it has ended.
/// The client does not have to wait for that: the deadline itself answers 504 then, where the
/// socket's protocol is one that a few bytes can be written to from the loop.
///
/// On the loop's thread; each request core has one.
class RequestDeadline final : public Timer {
 public:
  explicit RequestDeadline(wsgi_request& request) noexcept : request_(request) {}

  /// Begins anew, unset, for the request that `fiber` serves.
  void begin(Fiber& fiber) noexcept;

  /// Sets it to so many seconds from now; 0 for never. Moves a deadline that is set, and does
  /// nothing where that is over. Requires: begun.
  void set(double seconds);

  /// Ends it; is_over() stays as it is.
  void lift() noexcept { stop(); }

  /// Whether the request has had all its time, and its fiber was cancelled for it.
  [[nodiscard]] bool is_over() const noexcept { return over_; }

  /// The seconds that it was set to last.
  [[nodiscard]] double seconds() const noexcept { return seconds_; }

 private:
  void on_timer() override;
  void answer_at_once() noexcept;

  wsgi_request& request_;
  Fiber* fiber_ = nullptr;
  double seconds_ = 0;
  bool over_ = false;
};

}  // namespace aiopyr::plugin

#pragma once

#include <optional>

#include <aiopyr/runtime/async/loop/timer.h>

struct wsgi_request;

namespace aiopyr {
class Fiber;
}

namespace aiopyr::plugin {

/// The deadline of a request (aiopyr-request-timeout, a view's request_timeout). When it has
/// passed, the request's fiber is cancelled, and with it the task and the waits in which the fiber
/// is parked. The code that unwinds the fiber then answers 504.
///
/// A thread that works for the request cannot be cancelled, and the fiber stays until it has ended.
/// The client does not have to wait for that: the deadline itself answers 504 then, if the socket's
/// protocol allows writing a few bytes from the loop.
///
/// On the loop's thread; each request core has one.
class RequestDeadline final : public Timer {
 public:
  explicit RequestDeadline(wsgi_request& request) noexcept : request_(request) {}

  /// Begins anew, unset, for the request that `fiber` serves.
  void begin(Fiber& fiber) noexcept;

  /// Sets it to so many seconds from now; 0 for never. Moves a deadline that is set, and does
  /// nothing if that has passed. Requires: begun.
  void set(double seconds);

  /// Returns when it will pass; nullopt for never.
  [[nodiscard]] std::optional<TimePoint> when() const noexcept { return when_; }

  /// Ends it; is_over() does not change.
  void lift() noexcept { stop(); }

  /// Returns whether the deadline has passed, and the request's fiber was cancelled.
  [[nodiscard]] bool is_over() const noexcept { return over_; }

  /// Returns the seconds that it was set to.
  [[nodiscard]] double seconds() const noexcept { return seconds_; }

 private:
  void on_timer() override;
  void answer_at_once() noexcept;

  wsgi_request& request_;
  Fiber* fiber_ = nullptr;
  double seconds_ = 0;
  std::optional<TimePoint> when_;
  bool over_ = false;
};

}  // namespace aiopyr::plugin

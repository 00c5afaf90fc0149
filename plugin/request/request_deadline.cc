#include <chrono>
#include <string_view>

#include <aiopyr/plugin/request/bare_answer.h>
#include <aiopyr/plugin/request/request_deadline.h>
#include <aiopyr/plugin/server/log.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/runtime/async/fibers/fiber.h>
#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/async/tasks/task_context.h>
#include <aiopyr/runtime/base/describe.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>

namespace aiopyr::plugin {

namespace {

/// The time that a fiber gets to unwind, before it counts as held by a thread.
constexpr Duration kGrace = std::chrono::milliseconds(50);

}  // namespace

void RequestDeadline::begin(Fiber& fiber) noexcept {
  stop();
  over_ = false;
  fiber_ = &fiber;
  when_.reset();
}

void RequestDeadline::set(double seconds) {
  if (over_) return;
  seconds_ = seconds;
  when_.reset();
  if (seconds > 0) {
    when_ = Clock::now() + to_duration(seconds);
    start(fiber_->loop(), *when_);
  } else {
    stop();
  }
  // Tells the clients that the view waits for.
  if (TaskContext* const context = fiber_->task_context()) context->deadline = when_;
}

/// Cancels in the loop's next turn: a fiber that unwinds may end other timers of this one.
void RequestDeadline::on_timer() {
  if (over_) {
    answer_at_once();
    return;
  }
  over_ = true;
  fiber_->cancel_soon();
  start_after(fiber_->loop(), kGrace);
}

void RequestDeadline::answer_at_once() noexcept {
  // Only before a response: otherwise the fiber is past its view, and writes.
  if (request_.headers_sent || request_.headers_size > 0) return;
  try {
    const bool head_only = std::string_view(request_.method, request_.method_len) == "HEAD";
    send_bare_response(request_, HTTPGatewayTimeout(), head_only);
  } catch (...) {
    log_line("a late request was not answered: " + describe(std::current_exception()));
  }
}

}  // namespace aiopyr::plugin

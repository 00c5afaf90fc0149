#include <algorithm>
#include <optional>

#include <aiopyr/clients/postgres/connection/connection.h>
#include <aiopyr/runtime/async/loop/loop.h>

namespace aiopyr::postgres {

void Connection::arm(TimePoint when) {
  if (watchdog_.is_active() && armed_until_ <= when) return;
  armed_until_ = when;
  watchdog_.start(*Loop::current(), when);
}

void Connection::check_deadlines() {
  const TimePoint now = Loop::current()->now();
  const bool has_limit = settings_->query_timeout > Duration::zero();
  const TimePoint head_limit = head_since_ + settings_->query_timeout + 2 * kGrace;
  if (has_limit && !flights_.empty() && now >= head_limit) {
    return lose("the server gave no answer in time, not even that it stopped the statement");
  }
  std::optional<TimePoint> next;
  if (has_limit && !flights_.empty()) next = head_limit;
  for (const auto& exchange : flights_) {
    if (!exchange->deadline || exchange->is_told_late) continue;
    if (*exchange->deadline > now) {
      next = next ? std::min(*next, *exchange->deadline) : *exchange->deadline;
      continue;
    }
    exchange->is_told_late = true;
    exchange->fail(std::make_exception_ptr(ClientTimeoutError(
        context(exchange->operation),
        "no answer in time; the server stops the statement at its statement_timeout",
        Retry::kUnsafe)));
  }
  if (next) arm(*next);
}

}  // namespace aiopyr::postgres

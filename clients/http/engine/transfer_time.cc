#include <algorithm>
#include <array>
#include <cstdio>
#include <curl/curl.h>
#include <utility>

#include <aiopyr/clients/http/engine/transfer.h>
#include <aiopyr/runtime/async/loop/loop.h>

/// The part of Transfer that watches its time. One timer, which looks now and then: a byte that
/// arrives costs no more than a note of the time.
namespace aiopyr::http {

namespace {

/// Returns when a limit of zero, which is none, or more ends.
TimePoint end_of(TimePoint since, Seconds limit) noexcept {
  const Duration length = limit.duration();
  return length == Duration::zero() ? TimePoint::max() : since + length;
}

/// Returns `0.5 s`.
std::string shown(Seconds length) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%g s", length.count());
  return text.data();
}

}  // namespace

void Transfer::watch_time() {
  Loop& loop = Loop::require("http::Client");
  const TimePoint next = next_check(loop.now());
  if (next != TimePoint::max()) Timer::start(loop, next);
}

TimePoint Transfer::next_check(TimePoint now) const {
  TimePoint next = plan_.deadline.value_or(TimePoint::max());
  const Timeouts& limits = plan_.timeouts;
  if (stage_ == Stage::kConnecting) return std::min(next, end_of(plan_.begun, limits.connect));
  next = std::min(next, end_of(last_read_, limits.read));
  // Sending is looked at four times in its limit, since libcurl does not tell of progress.
  constexpr int kLooks = 4;
  const bool has_body = plan_.is_upload_streamed || plan_.bytes != nullptr;
  if (has_body && limits.write.duration() > Duration::zero()) {
    const Duration shortest = std::chrono::milliseconds(1);
    next = std::min(next, now + std::max(limits.write.duration() / kLooks, shortest));
  }
  return next;
}

void Transfer::on_timer() {
  const TimePoint now = Loop::current()->now();
  if (plan_.deadline && now >= *plan_.deadline) return time_out(plan_.deadline_phase);
  if (stage_ == Stage::kConnecting) {
    // A transfer that waits for another's handshake counts that time too.
    if (now >= end_of(plan_.begun, plan_.timeouts.connect)) return time_out(Phase::kConnect);
  } else if (is_sending()) {
    if (now >= end_of(last_write_, plan_.timeouts.write)) return time_out(Phase::kWrite);
    last_read_ = now;
  } else if (is_receiving_paused_) {
    last_read_ = now;  // the reader takes its time, not the server
  } else if (now >= end_of(last_read_, plan_.timeouts.read)) {
    return time_out(Phase::kRead);
  }
  watch_time();
}

/// Returns whether the request's body is being sent, and notes progress.
bool Transfer::is_sending() noexcept {
  curl_off_t written = 0;
  curl_easy_getinfo(easy_, CURLINFO_SIZE_UPLOAD_T, &written);
  const TimePoint now = Loop::current()->now();
  const bool waits_for_app = is_sending_paused_ && wants_piece();
  if (std::exchange(written_, written) != written || waits_for_app) last_write_ = now;
  if (has_head_) return false;
  if (plan_.is_upload_streamed) {
    return !has_upload_ended_ || written_ < static_cast<curl_off_t>(fed_);
  }
  return plan_.bytes != nullptr && written_ < static_cast<curl_off_t>(plan_.bytes->size());
}

void Transfer::time_out(Phase phase) {
  std::string problem;
  switch (phase) {
    case Phase::kConnect:
      problem = "no connection within " + shown(plan_.timeouts.connect);
      break;
    case Phase::kWrite:
      problem = "the server took nothing of the request for " + shown(plan_.timeouts.write);
      break;
    case Phase::kRead:
      problem = "the server sent nothing for " + shown(plan_.timeouts.read);
      break;
    case Phase::kDeadline:
      problem = "the deadline of the request on whose behalf it ran has passed";
      break;
    default:
      problem = "not answered within the total time";
      break;
  }
  if (phase == Phase::kConnect) multi_->figures().connect_failures.add();
  const Retry retry = was_connected_ ? Retry::kUnsafe : Retry::kSafe;
  finish(std::make_exception_ptr(RequestTimeoutError(
      context(), problem + " (" + std::string(phase_name(phase)) + " timeout)", retry, phase)));
}

}  // namespace aiopyr::http

#include <aiopyr/websocket/session/pings.h>

namespace aiopyr::websocket {

void Pings::Wait::finish(std::optional<Duration> latency, Loop& loop) {
  done_ = true;
  latency_ = latency;
  if (awaiting_) loop.call_soon(*this);
}

void Pings::add(Wait& wait) {
  if (!waiting_) waiting_ = std::make_unique<IntrusiveList<Wait>>();
  waiting_->push_back(wait);
}

/// Removes and returns the first waiting ping, if `payload` is that of a waiting one; else null.
Pings::Wait* Pings::next_answered(std::string_view payload) {
  if (!waiting_) return nullptr;
  bool asked_for = false;
  waiting_->for_each([&](const Wait& wait) { asked_for |= wait.payload_ == payload; });
  return asked_for ? &waiting_->pop_front() : nullptr;
}

void Pings::end() {
  if (!waiting_ || waiting_->empty()) return;
  Loop& loop = Loop::require("a websocket");
  while (!waiting_->empty()) waiting_->pop_front().finish(std::nullopt, loop);
}

}  // namespace aiopyr::websocket

#include <utility>

#include <aiopyr/clients/redis/channels/inbox.h>

namespace aiopyr::redis::detail {

namespace {

std::size_t size_of(const ChannelEvent& event) noexcept {
  return event.channel.size() + event.payload.size() + event.pattern.size();
}

}  // namespace

void Inbox::put(ChannelEvent event) {
  if (has_ended_) return;
  const std::size_t size = size_of(event);
  // A single message may be larger than the limit, since no other waits then.
  const bool is_full =
      !events_.empty() && (events_.size() >= limits_.events || bytes_ + size > limits_.bytes);
  if (is_full) return put_gap();
  bytes_ += size;
  events_.push_back(std::move(event));
  arrived_.set();
}

void Inbox::put_gap() {
  if (has_ended_ || (!events_.empty() && events_.back().is_gap())) return;
  ChannelEvent gap;
  gap.kind = ChannelEvent::Kind::kGap;
  events_.push_back(std::move(gap));
  arrived_.set();
}

void Inbox::end(std::exception_ptr error) {
  if (has_ended_) return;
  has_ended_ = true;
  error_ = std::move(error);
  arrived_.set();
}

Task<std::optional<ChannelEvent>> Inbox::next(std::shared_ptr<Inbox> inbox) {
  while (inbox->events_.empty() && !inbox->has_ended_) co_await inbox->arrived_.wait();
  co_return inbox->take();
}

std::optional<ChannelEvent> Inbox::take() {
  if (events_.empty()) {
    if (error_) std::rethrow_exception(error_);
    return std::nullopt;
  }
  ChannelEvent event = std::move(events_.front());
  events_.pop_front();
  bytes_ -= size_of(event);
  if (events_.empty() && !has_ended_) arrived_.clear();
  return event;
}

}  // namespace aiopyr::redis::detail

#include <algorithm>
#include <utility>

#include <aiopyr/websocket/session/backlog.h>
#include <aiopyr/websocket/session/loop_websockets.h>

namespace aiopyr::websocket {

bool Backlog::add(SharedMessage message, const SlowClientPolicy& policy, Sender sender,
                  std::string_view key) {
  Counters& counters = Connections::of_this_thread().counters();
  if (policy.when_slow == WhenSlow::kCoalesce && replace(message, sender, key)) {
    counters.coalesced.add();
    return true;
  }
  if (count(sender) >= policy.capacity) {
    switch (policy.when_slow) {
      case WhenSlow::kWait:
        break;
      case WhenSlow::kDropNewest:
        counters.dropped_newest.add();
        return true;
      case WhenSlow::kDropOldest:
      case WhenSlow::kCoalesce:
        drop_oldest(sender);
        counters.dropped_oldest.add();
        break;
      case WhenSlow::kClose:
        counters.refused.add();
        return false;
    }
  }
  waiting_.push_back({std::move(message), sender, std::string(key)});
  return true;
}

std::size_t Backlog::count(Sender sender) const noexcept {
  return static_cast<std::size_t>(
      std::count_if(waiting_.begin(), waiting_.end(),
                    [&](const Entry& entry) { return entry.sender == sender; }));
}

SharedMessage Backlog::pop_front() {
  SharedMessage message = std::move(waiting_.front().message);
  waiting_.pop_front();
  return message;
}

void Backlog::keep_only(Sender sender) {
  std::erase_if(waiting_, [&](const Entry& entry) { return entry.sender != sender; });
}

bool Backlog::replace(SharedMessage& message, Sender sender, std::string_view key) {
  if (key.empty()) return false;
  const auto same = std::find_if(waiting_.begin(), waiting_.end(), [&](const Entry& entry) {
    return entry.sender == sender && entry.key == key;
  });
  if (same == waiting_.end()) return false;
  same->message = std::move(message);
  return true;
}

void Backlog::drop_oldest(Sender sender) {
  const auto oldest = std::find_if(waiting_.begin(), waiting_.end(),
                                   [&](const Entry& entry) { return entry.sender == sender; });
  if (oldest != waiting_.end()) waiting_.erase(oldest);
}

}  // namespace aiopyr::websocket

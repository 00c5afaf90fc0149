#include <aiopyr/websocket/session/errors.h>
#include <aiopyr/websocket/session/inbox.h>

namespace aiopyr::websocket {

bool Inbox::take(Reader& reader) {
  if (reader_ != nullptr) {
    throw ConcurrencyError(
        "recv() was called while another coroutine waits in recv() of the same websocket: let one "
        "coroutine receive, and hand on what it gets");
  }
  if (size() == 0) return ended_;
  reader.message_ = std::move(kept_->messages[kept_->taken++]);
  // Frees the memory: an idle connection holds none.
  if (size() == 0) kept_.reset();
  return true;
}

void Inbox::wait(Reader& reader, std::coroutine_handle<> awaiting) noexcept {
  reader.awaiting_ = awaiting;
  reader.inbox_ = this;
  reader_ = &reader;
}

void Inbox::deliver(Message&& message) {
  if (reader_ == nullptr) return keep(std::move(message));
  auto& reader = *std::exchange(reader_, nullptr);
  reader.message_.emplace(std::move(message));
  reader.resume();
}

void Inbox::keep(Message&& message) {
  if (!kept_) kept_ = std::make_unique<Kept>();
  auto& [messages, taken] = *kept_;
  // Moves the messages, since a queue that never runs empty must not grow for ever.
  if (taken > 0 && messages.size() == messages.capacity()) {
    messages.erase(messages.begin(), messages.begin() + static_cast<std::ptrdiff_t>(taken));
    taken = 0;
  }
  messages.push_back(std::move(message));
}

void Inbox::end() {
  ended_ = true;
  if (reader_ != nullptr) std::exchange(reader_, nullptr)->resume();
}

}  // namespace aiopyr::websocket

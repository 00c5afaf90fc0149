#include <aiopyr/websocket/fragmented_send.h>
#include <aiopyr/websocket/protocol/close_code.h>
#include <aiopyr/websocket/subscriptions.h>
#include <aiopyr/websocket/websocket.h>

/// The order in which messages leave: the view's own, those of others, and one in pieces.
namespace aiopyr {

using websocket::Opcode;
using websocket::PreparedMessage;

void Websocket::queue(Opcode type, std::string_view payload) {
  if (fragmented_ == nullptr && !backlog_) {
    put(type, payload);
    after_put();
    return;
  }
  backlog().add(std::make_shared<const PreparedMessage>(type, payload), this);
}

void Websocket::push(const websocket::SharedMessage& message, const SlowClientPolicy& policy,
                     websocket::Backlog::Sender sender, std::string_view key) {
  if (!is_open()) return;
  if (!is_congested()) {
    put_alone(*message);
    after_put();
    return;
  }
  if (!backlog().add(message, policy, sender, key)) close(policy.close_code, "too slow");
}

void Websocket::push_unawaited(const websocket::SharedMessage& message) {
  push(message, slow_client().without_wait(), nullptr, {});
}

websocket::Backlog& Websocket::backlog() {
  if (!backlog_) backlog_ = std::make_unique<websocket::Backlog>();
  return *backlog_;
}

bool Websocket::release_backlog() {
  if (fragmented_ != nullptr || !backlog_) return false;
  while (backlog_ && !is_full()) {
    const auto message = backlog_->pop_front();
    if (backlog_->empty()) backlog_.reset();
    put_prepared(*message);
  }
  if (subscriptions_) subscriptions_->on_room();
  return true;
}

std::size_t Websocket::backlog_size() const noexcept { return backlog_ ? backlog_->size() : 0; }

void Websocket::wake_senders() {
  if (fragmented_ != nullptr && (lost_ || !is_full())) wake(fragmented_->waiters());
  if (!is_congested()) wake(send_waiters_);
}

/// The view's own goes on its way, behind which nothing can be sent; the rest is dropped. So is all
/// where the peer waits for the rest of a message that will not come.
void Websocket::empty_backlog() {
  if (!backlog_) return;
  const auto waiting = std::move(backlog_);
  waiting->keep_only(this);
  while (fragmented_ == nullptr && !waiting->empty()) put_prepared(*waiting->pop_front());
}

void Websocket::end_fragments() {
  fragmented_ = nullptr;
  if (is_open()) after_put();
}

/// What waits behind the message goes with it.
void Websocket::cut_short() {
  if (is_open()) close(websocket::kInternalError, "a message was cut short");
  fragmented_ = nullptr;
}

void Websocket::end_subscriptions() { subscriptions_.reset(); }

}  // namespace aiopyr

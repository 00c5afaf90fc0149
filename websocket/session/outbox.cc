#include <utility>

#include <aiopyr/websocket/session/outbox.h>

namespace aiopyr::websocket {

void Outbox::keep(Opcode type, std::string_view payload) {
  backlog().add(std::make_shared<const PreparedMessage>(type, payload), Backlog::kView);
}

Outbox::Pushed Outbox::push(const topics::SharedPublication& publication,
                            const SlowClientPolicy& policy, Backlog::Sender sender,
                            std::string_view key) {
  const auto& message = publication->as<PreparedMessage>();
  if (!is_congested()) {
    stream_.put_prepared(message, Follows::kNothing);
    return Pushed::kSent;
  }
  // Shares ownership with the publication, of which the message is a part.
  SharedMessage shared(publication, &message);
  const bool is_kept = backlog().add(std::move(shared), policy, sender, key);
  return is_kept ? Pushed::kKept : Pushed::kRefused;
}

Backlog& Outbox::backlog() {
  if (!backlog_) backlog_ = std::make_unique<Backlog>();
  return *backlog_;
}

bool Outbox::release() {
  if (pieces_ != nullptr || !backlog_) return false;
  while (backlog_ && !stream_.is_full()) {
    const auto message = backlog_->pop_front();
    if (backlog_->empty()) backlog_.reset();
    stream_.put_prepared(*message, Follows::kMore);
  }
  return true;
}

void Outbox::empty() {
  if (!backlog_) return;
  const auto waiting = std::move(backlog_);
  waiting->keep_only(Backlog::kView);
  while (pieces_ == nullptr && !waiting->empty()) {
    stream_.put_prepared(*waiting->pop_front(), Follows::kMore);
  }
}

void Outbox::drop() {
  backlog_.reset();
  if (pieces_ != nullptr) pieces_->wake();
  pieces_ = nullptr;
  senders_.wake();
}

void Outbox::wake_senders() {
  if (pieces_ != nullptr && !stream_.is_full()) pieces_->wake();
  if (!is_congested()) senders_.wake();
}

}  // namespace aiopyr::websocket

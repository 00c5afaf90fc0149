#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/topics/topic.h>

namespace aiopyr::topics {

void Subscriber::unsubscribe() noexcept {
  if (topic_ != nullptr) topic_->remove(*this);
}

void Subscriber::set_blocking(bool blocks) {
  if (topic_ != nullptr && blocks_ != blocks) topic_->set_blocking(*this, blocks);
}

Topic::~Topic() {
  subscribers_.for_each([](Subscriber& subscriber) {
    subscriber.topic_ = nullptr;
    subscriber.blocks_ = false;
  });
}

void Topic::add(Subscriber& subscriber) noexcept {
  subscriber.topic_ = this;
  subscribers_.push_back(subscriber);
  ++count_;
}

void Topic::remove(Subscriber& subscriber) noexcept {
  if (subscriber.blocks_) set_blocking(subscriber, false);
  subscriber.unlink();
  subscriber.topic_ = nullptr;
  --count_;
  end_if_unused();
}

void Topic::end_if_unused() noexcept {
  if (count_ == 0 && deliveries_ == 0) table_.erase(name_);
}

void Topic::deliver(const SharedPublication& publication, const Delivery& delivery,
                    const Subscriber* except) {
  ++deliveries_;
  subscribers_.for_each([&](Subscriber& subscriber) {
    if (&subscriber != except) subscriber.deliver(publication, delivery);
  });
  --deliveries_;
  end_if_unused();
}

void Topic::set_blocking(Subscriber& subscriber, bool blocks) {
  subscriber.blocks_ = blocks;
  if (blocks) {
    ++blocking_;
  } else if (--blocking_ == 0) {
    wake_waiters();
  }
}

void Topic::wake_waiters() {
  if (waiters_.empty()) return;
  Loop& loop = Loop::require("Topics");
  while (!waiters_.empty()) loop.call_soon(waiters_.pop_front());
}

Topic& TopicTable::get(std::string_view name) {
  const auto found = topics_.find(name);
  if (found != topics_.end()) return found->second;
  return topics_.try_emplace(std::string(name), *this, name).first->second;
}

Topic* TopicTable::find(std::string_view name) {
  const auto found = topics_.find(name);
  return found == topics_.end() ? nullptr : &found->second;
}

void TopicTable::erase(std::string_view name) noexcept {
  const auto found = topics_.find(name);
  if (found != topics_.end()) topics_.erase(found);
}

void TopicTable::deliver(std::string_view name, const SharedPublication& publication,
                         const Delivery& delivery, const Subscriber* except) {
  if (Topic* topic = find(name)) topic->deliver(publication, delivery, except);
}

std::shared_ptr<RemoteQueue> TopicTable::remote() const {
  const std::scoped_lock lock(mutex_);
  return remote_;
}

void TopicTable::remember_loop() {
  const auto& remote = Loop::require("Topics::subscribe").remote();
  const std::scoped_lock lock(mutex_);
  remote_ = remote;
}

}  // namespace aiopyr::topics

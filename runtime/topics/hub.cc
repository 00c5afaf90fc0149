#include <aiopyr/runtime/async/loop/loop.h>
#include <aiopyr/runtime/topics/hub.h>
#include <aiopyr/runtime/topics/topic.h>

namespace aiopyr::topics {

namespace {

void require_loop() {
  static_cast<void>(Loop::require("Topics::publish (publish_threadsafe is for other threads)"));
}

}  // namespace

Hub::Hub() : table_(std::make_shared<TopicTable>()) {}

Hub::~Hub() = default;

void Hub::subscribe(Subscriber& subscriber, std::string_view topic) {
  table_->remember_loop();
  subscriber.unsubscribe();
  table_->get(topic).add(subscriber);
}

PublishAwaiter Hub::publish(std::string_view topic, const SharedPublication& publication,
                            std::string_view key, const Subscriber* except) {
  require_loop();
  table_->deliver(topic, publication, {.key = key, .may_wait = true}, except);
  return {table_, topic};
}

void Hub::publish_now(std::string_view topic, const SharedPublication& publication,
                      std::string_view key, const Subscriber* except) {
  require_loop();
  table_->deliver(topic, publication, {.key = key}, except);
}

void Hub::publish_threadsafe(std::string topic, SharedPublication publication, std::string key) {
  const auto remote = table_->remote();
  // Does nothing if there never was a subscriber.
  if (!remote) return;
  remote->push([weak = std::weak_ptr(table_), topic = std::move(topic), key = std::move(key),
                publication = std::move(publication)] {
    if (const auto table = weak.lock()) table->deliver(topic, publication, {.key = key});
  });
}

std::size_t Hub::subscriber_count(std::string_view topic) const {
  const Topic* found = table_->find(topic);
  return found == nullptr ? 0 : found->count();
}

bool PublishAwaiter::await_ready() const {
  const Topic* topic = table_->find(topic_);
  return topic == nullptr || !topic->is_blocked();
}

void PublishAwaiter::await_suspend(std::coroutine_handle<> awaiting) {
  resumption_.set(awaiting);
  table_->find(topic_)->add_waiter(resumption_);
}

}  // namespace aiopyr::topics

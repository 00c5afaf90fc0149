#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/async/tasks/spawn.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/topics/hub.h>
#include <aiopyr/runtime/topics/topic.h>

namespace aiopyr::topics {
namespace {

/// A subscriber that is not a websocket: it keeps what it gets, with a question mark if the
/// publisher can wait, and is full when the test says so.
class Listener final : public Subscriber {
 public:
  void deliver(const SharedPublication& publication, const Delivery& delivery) override {
    const std::string key(delivery.key);
    got.push_back((key.empty() ? "" : key + "=") + std::string(publication->content()) +
                  (delivery.may_wait ? "?" : ""));
    if (then) then();
  }
  void be_full(bool full) { set_blocking(full); }

  std::vector<std::string> got;
  std::function<void()> then;
};

using Got = std::vector<std::string>;

struct OnLoop {
  void turns() {
    for (int i = 0; i < 3; ++i) loop.run_once(false);
  }
  TestLoop loop;
  Hub hub;
};

TEST_CASE("Whoever listens to a topic gets what is published to it, and nobody else does") {
  OnLoop on;
  Listener blue;
  Listener red;
  Listener left_out;
  on.hub.subscribe(blue, "blue");
  on.hub.subscribe(left_out, "blue");
  on.hub.subscribe(red, "red");
  CHECK(on.hub.subscriber_count("blue") == 2);
  on.hub.publish_now("blue", Publication::text("1"));
  on.hub.publish_now("blue", Publication::bytes("2"), "key", &left_out);
  on.hub.publish_now("nobody", Publication::text("lost"));
  CHECK(blue.got == Got{"1", "key=2"});
  CHECK(left_out.got == Got{"1"});
  CHECK(red.got.empty());
}

TEST_CASE("A subscriber listens until it leaves, goes, or listens to another topic") {
  OnLoop on;
  Listener listener;
  on.hub.subscribe(listener, "a");
  on.hub.subscribe(listener, "b");
  CHECK(on.hub.subscriber_count("a") == 0);
  CHECK(listener.topic()->name() == "b");
  listener.unsubscribe();
  listener.unsubscribe();
  CHECK_FALSE(listener.is_subscribed());
  CHECK(on.hub.subscriber_count("b") == 0);
  {
    Listener brief;
    on.hub.subscribe(brief, "a");
  }
  CHECK(on.hub.subscriber_count("a") == 0);
}

TEST_CASE("A subscriber may leave, be destroyed, and publish while it is delivered to") {
  OnLoop on;
  auto first = std::make_unique<Listener>();
  Listener second;
  on.hub.subscribe(*first, "a");
  on.hub.subscribe(second, "a");
  SECTION("leave") {
    first->then = [&] { first->unsubscribe(); };
  }
  SECTION("be destroyed") {
    first->then = [&] { std::unique_ptr<Listener>(std::move(first)); };
  }
  SECTION("publish") {
    first->then = [&] {
      first->then = nullptr;
      on.hub.publish_now("a", Publication::text("answer"), {}, first.get());
      first->unsubscribe();
    };
  }
  on.hub.publish_now("a", Publication::text("1"));
  CHECK(second.got.back() == "1");
  CHECK(on.hub.subscriber_count("a") == 1);
  second.then = [&] { second.unsubscribe(); };
  on.hub.publish_now("a", Publication::text("2"));
  CHECK(on.hub.subscriber_count("a") == 0);
}

TEST_CASE("A hub may go before its subscribers, one of which blocks") {
  TestLoop loop;
  Listener listener;
  {
    Hub hub;
    hub.subscribe(listener, "a");
    listener.be_full(true);
  }
  CHECK_FALSE(listener.is_subscribed());
  listener.be_full(false);
  Hub other;
  other.subscribe(listener, "a");
  CHECK_FALSE(listener.topic()->is_blocked());
}

TEST_CASE("Who publishes waits as long as any subscriber blocks it") {
  OnLoop on;
  auto one = std::make_unique<Listener>();
  Listener two;
  on.hub.subscribe(*one, "a");
  on.hub.subscribe(two, "a");
  int published = 0;
  const auto publisher = spawn([&]() -> Task<> {
    for (; published < 2; ++published) co_await on.hub.publish("a", Publication::text("x"));
  });
  one->be_full(true);
  one->be_full(true);
  two.be_full(true);
  on.turns();
  CHECK(published == 0);
  CHECK(two.got == Got{"x?"});

  two.be_full(false);
  two.be_full(false);
  on.turns();
  CHECK(published == 0);
  SECTION("the last one has room") { one->be_full(false); }
  SECTION("the last one leaves") { one->unsubscribe(); }
  SECTION("the last one goes") { one.reset(); }
  SECTION("the last one listens to something else") { on.hub.subscribe(*one, "b"); }
  on.turns();
  CHECK(published == 2);
}

TEST_CASE("Subscribers that block are counted, however they come and go") {
  OnLoop on;
  Listener stays;
  on.hub.subscribe(stays, "a");
  const Topic& topic = *stays.topic();
  {
    std::vector<Listener> many(5);
    for (auto& listener : many) {
      on.hub.subscribe(listener, "a");
      listener.be_full(true);
    }
    many[0].be_full(false);
    many[1].unsubscribe();
    CHECK(topic.is_blocked());
    on.hub.subscribe(many[1], "a");
    many[1].be_full(true);
  }
  CHECK_FALSE(topic.is_blocked());
  stays.be_full(true);
  CHECK(topic.is_blocked());
}

TEST_CASE("A publisher whose wait is cancelled leaves nothing behind") {
  OnLoop on;
  Listener listener;
  on.hub.subscribe(listener, "a");
  listener.be_full(true);
  auto publisher = spawn([&]() -> Task<> { co_await on.hub.publish("a", Publication::text("x")); });
  on.turns();
  publisher.cancel();
  on.turns();
  listener.be_full(false);
  on.turns();
  CHECK(listener.got == Got{"x?"});
}

TEST_CASE("Other threads publish in the loop's next turn, for nobody who waits") {
  OnLoop on;
  on.hub.publish_threadsafe("a", Publication::text("nobody has ever listened"));
  Listener listener;
  on.hub.subscribe(listener, "a");
  std::thread([&] {
    on.hub.publish_threadsafe("a", Publication::text("x"), "key");
    CHECK_THROWS_AS(on.hub.publish_now("a", Publication::text("y")), ScopeError);
  }).join();
  CHECK(listener.got.empty());
  on.turns();
  CHECK(listener.got == Got{"key=x"});
}

}  // namespace
}  // namespace aiopyr::topics

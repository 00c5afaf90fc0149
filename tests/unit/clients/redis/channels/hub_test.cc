#include <memory>
#include <string>

#include <catch2/catch.hpp>

#include "tests/unit/support/redis_server.h"
#include "tests/unit/support/turns.h"
#include <aiopyr/clients/redis/channels/subscription.h>
#include <aiopyr/clients/redis/protocol/reply_error.h>
#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/async/tasks/spawn.h>

using namespace aiopyr;
using namespace aiopyr::redis;
using aiopyr::redis::detail::ChannelKind;
using aiopyr::redis::detail::Hub;
using aiopyr::redis::detail::Inbox;
using aiopyr::redis::testing::FakeServer;

namespace {

constexpr std::string_view kSubscribe = "*2\r\n$9\r\nSUBSCRIBE\r\n$4\r\nnews\r\n";
constexpr std::string_view kConfirmed = "*3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n";

std::string message(std::string_view text) {
  return "*3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$" + std::to_string(text.size()) + "\r\n" +
         std::string(text) + "\r\n";
}

Task<Subscription> subscribe(std::shared_ptr<Hub> hub, std::string name = "news") {
  Inbox::Limits limits;
  limits.events = 3;
  return Subscription::begin(std::move(hub), ChannelKind::kChannel, std::move(name), limits);
}

/// Takes the next event and shows it.
Task<std::string> next(Subscription& subscription) {
  const auto event = co_await subscription.next();
  if (!event) co_return "end";
  co_return event->is_gap() ? "gap" : event->payload;
}

struct Listening {
  explicit Listening(std::size_t max_pending = 100) {
    auto settings = std::make_shared<aiopyr::redis::detail::ConnectionSettings>(server.settings());
    settings->max_pending = max_pending;
    hub = Hub::make(loop, std::move(settings));
  }
  ~Listening() {
    hub->close("the test has ended");
    take_turns(loop);
  }
  void turns(int count = 8) { take_turns(loop, count); }
  Subscription join() {
    auto joining = spawn(subscribe(hub));
    turns();
    CHECK(server.take() == kSubscribe);
    server.say(kConfirmed);
    turns();
    return joining.result();
  }
  std::string next_of(Subscription& subscription) {
    auto taking = spawn(next(subscription));
    turns();
    return taking.is_done() ? taking.result() : (taking.cancel(), turns(), "nothing");
  }

  TestLoop loop;
  FakeServer server;
  std::shared_ptr<Hub> hub;
};

}  // namespace

TEST_CASE("a subscription gets the messages of its channel", "[redis]") {
  Listening test;
  Subscription news = test.join();
  test.server.say(message("one") + message("two"));
  test.turns();
  CHECK(test.next_of(news) == "one");
  CHECK(test.next_of(news) == "two");
  CHECK(test.next_of(news) == "nothing");
  test.server.say(message("three"));
  CHECK(test.next_of(news) == "three");
}

TEST_CASE("subscribers of a channel share it, and the last one ends it", "[redis]") {
  Listening test;
  Subscription first = test.join();
  {
    Subscription second = test.join();
    test.server.say(message("both"));
    CHECK(test.next_of(first) == "both");
    CHECK(test.next_of(second) == "both");
  }
  test.turns();
  CHECK(test.server.take().empty());
  { const Subscription moved = std::move(first); }
  test.turns();
  CHECK(test.server.take() == "*2\r\n$11\r\nUNSUBSCRIBE\r\n$4\r\nnews\r\n");
}

TEST_CASE("a subscription that is restored tells of a gap, behind its confirmation", "[redis]") {
  Listening test;
  Subscription news = test.join();
  test.server.say(message("before"));
  test.turns();
  test.server.hang_up();
  test.turns();
  CHECK(test.server.accepted == 2);
  CHECK(test.server.take() == kSubscribe);
  CHECK(test.next_of(news) == "before");
  CHECK(test.next_of(news) == "nothing");
  test.server.say(std::string(kConfirmed) + message("after"));
  test.turns();
  // The message came with the confirmation: the gap stands before or behind it.
  const std::string first = test.next_of(news);
  const std::string second = test.next_of(news);
  CHECK(((first == "gap" && second == "after") || (first == "after" && second == "gap")));
}

TEST_CASE("a subscriber that is slower than its buffer is told of a gap, once", "[redis]") {
  Listening test;
  Subscription news = test.join();
  for (int i = 0; i < 10; ++i) test.server.say(message(std::to_string(i)));
  test.turns();
  CHECK(test.next_of(news) == "0");
  CHECK(test.next_of(news) == "1");
  CHECK(test.next_of(news) == "2");
  CHECK(test.next_of(news) == "gap");
  CHECK(test.next_of(news) == "nothing");
  test.server.say(message("later"));
  CHECK(test.next_of(news) == "later");
}

TEST_CASE("a channel that the server refuses is an error, and leaves nothing", "[redis]") {
  Listening test;
  auto joining = spawn(subscribe(test.hub));
  test.turns();
  static_cast<void>(test.server.take());
  test.server.say("-NOPERM no access to channels\r\n");
  test.turns();
  CHECK_THROWS_AS(joining.result(), ReplyError);
  test.turns();
  // Nobody is left, so the channel is forgotten.
  CHECK(test.server.take() == "*2\r\n$11\r\nUNSUBSCRIBE\r\n$4\r\nnews\r\n");
}

TEST_CASE("a subscriber may be destroyed while it waits for the confirmation", "[redis]") {
  for (int turns = 0; turns < 8; ++turns) {
    CAPTURE(turns);
    Listening test;
    auto joining = spawn(subscribe(test.hub));
    test.turns(turns);
    joining.cancel();
    test.turns();
    static_cast<void>(test.server.take());
    if (test.server.accepted == 0) continue;  // destroyed before it has asked
    test.server.say(std::string(kConfirmed) + "*3\r\n$11\r\nunsubscribe\r\n$4\r\nnews\r\n:0\r\n");
    test.turns();
    Subscription news = test.join();
    test.server.say(message("mine"));
    CHECK(test.next_of(news) == "mine");
  }
}

TEST_CASE("closing ends all subscriptions behind what they have", "[redis]") {
  Listening test;
  Subscription news = test.join();
  test.server.say(message("last"));
  test.turns();
  test.hub->close("the client is closed");
  CHECK(test.next_of(news) == "last");
  CHECK(test.next_of(news) == "end");
}

TEST_CASE("a server that closes each connection soon is not asked again without a pause",
          "[redis]") {
  Listening test;
  Subscription news = test.join();
  for (int losses = 0; losses < 5; ++losses) {
    test.server.hang_up();
    test.turns();
  }
  CHECK(test.server.accepted == 2);
  CHECK(test.server.take().empty());
  test.loop.run_once(true);  // to the end of the pause
  test.turns();
  CHECK(test.server.accepted == 3);
  CHECK(test.server.take() == kSubscribe);
  test.server.say(kConfirmed);
  test.turns();
  CHECK(test.next_of(news) == "gap");
}

TEST_CASE("more channels than commands may wait are subscribed to again too", "[redis]") {
  Listening test(1);
  Subscription news = test.join();
  auto joining = spawn(subscribe(test.hub, "jobs"));
  test.turns();
  static_cast<void>(test.server.take());
  test.server.say("*3\r\n$9\r\nsubscribe\r\n$4\r\njobs\r\n:2\r\n");
  test.turns();
  Subscription jobs = joining.result();
  test.server.hang_up();
  test.turns();
  const std::string asked = test.server.take();
  CHECK(asked.find("news") != std::string::npos);
  CHECK(asked.find("jobs") != std::string::npos);
  test.server.say("*3\r\n$9\r\nsubscribe\r\n$4\r\njobs\r\n:1\r\n" + std::string(kConfirmed));
  test.turns();
  CHECK(test.next_of(news) == "gap");
  CHECK(test.next_of(jobs) == "gap");
}

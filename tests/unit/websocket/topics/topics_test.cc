#include <deque>
#include <thread>

#include <catch2/catch.hpp>

#include "tests/unit/support/peer.h"
#include "tests/unit/support/scripted_transport.h"
#include <aiopyr/runtime/async/waits/event.h>
#include <aiopyr/runtime/async/waits/sleep.h>
#include <aiopyr/websocket/session/fragmented_send.h>
#include <aiopyr/websocket/topics/topics.h>

namespace aiopyr::websocket::testing {
namespace {

using namespace std::chrono_literals;

/// Some connections on one loop, with access to their websockets.
struct Room : LoopWithLog {
  /// Opens one more connection, with a view that only receives.
  Websocket& join(Endpoint endpoint = {}) {
    const auto fds = make_socketpair();
    peers.emplace_back(fds[1]);
    const auto view = [](Websocket& ws) -> Task<> {
      while (const auto message = co_await ws.recv()) {
      }
    };
    connections.push_back(Connection::open({.transport = std::make_unique<SocketTransport>(fds[0]),
                                            .endpoint = std::make_shared<const Endpoint>(endpoint),
                                            .handler = handler_of(view)}));
    turns(2);
    return *connections.back();
  }

  /// Opens one more connection that is subscribed to `topic`.
  Websocket& join(std::string_view topic, const SubscribeOptions& options = {}) {
    auto& ws = join();
    topics.subscribe(ws, topic, options);
    return ws;
  }

  /// Returns all events of a peer, while the loop turns.
  Events read(std::size_t peer) {
    Events all;
    for (int i = 0; i < 30; ++i) {
      for (auto& event : peers[peer].events()) all.push_back(event);
      turns(2);
    }
    return all;
  }

  Topics topics;
  std::deque<Peer> peers;
  std::vector<std::shared_ptr<Connection>> connections;
};

SubscribeOptions when(WhenSlow when_slow, std::size_t capacity = 2) {
  return {.slow_client = SlowClientPolicy{.when_slow = when_slow, .capacity = capacity}};
}

/// Sends enough to fill a socket's buffer and the connection's output.
void flood(Room& room, std::string_view topic) {
  const auto before = room.connections[0]->waiting();
  for (int i = 0; i < 200 && room.connections[0]->waiting() == before; ++i) {
    room.topics.publish_now(topic, std::string(30'000, 'x'));
  }
}

/// Returns the short messages, without those of flood().
Events short_ones(const Events& events) {
  Events kept;
  for (const auto& event : events) {
    if (event.size() < 100) kept.push_back(event);
  }
  return kept;
}

TEST_CASE("What is published goes to all that are subscribed, and to nobody else") {
  Room room;
  room.join("blue");
  room.join("blue");
  room.join("red");
  room.topics.publish_now("blue", "to blue");
  room.topics.publish_now("red", Message::binary("to red"));
  room.topics.publish_now("nobody", "lost");
  CHECK(room.read(0) == Events{"text:to blue"});
  CHECK(room.read(1) == Events{"text:to blue"});
  CHECK(room.read(2) == Events{"binary:to red"});
}

TEST_CASE("A websocket may be in many topics, leave them, and be left out of one message") {
  Room room;
  auto& ws = room.join("a");
  room.topics.subscribe(ws, "b");
  CHECK(room.topics.subscriber_count("a") == 1);
  room.topics.publish_now("a", "1");
  room.topics.publish_now("b", "2");
  room.topics.publish_now("a", "not to itself", {.except = &ws});
  CHECK(room.topics.unsubscribe(ws, "a"));
  CHECK_FALSE(room.topics.unsubscribe(ws, "a"));
  room.topics.publish_now("a", "3");
  room.topics.publish_now("b", "4");
  CHECK(room.read(0) == Events{"text:1", "text:2", "text:4"});
  CHECK(room.topics.subscriber_count("a") == 0);
}

TEST_CASE("Subscribing twice gives each message once") {
  Room room;
  room.topics.subscribe(room.join("a"), "a");
  CHECK(room.topics.subscriber_count("a") == 1);
  room.topics.publish_now("a", "once");
  CHECK(room.read(0) == Events{"text:once"});
}

TEST_CASE("A connection that ends leaves its topics") {
  Room room;
  room.join("a");
  room.join("a");
  SECTION("the peer vanishes") { room.peers[0].vanish(); }
  SECTION("the peer closes") { room.peers[0].close(1000); }
  SECTION("we close") { static_cast<void>(room.connections[0]->close()); }
  room.turns();
  CHECK(room.topics.subscriber_count("a") == 1);
  room.topics.publish_now("a", "x");
  CHECK(room.read(1) == Events{"text:x"});
}

TEST_CASE("Topics may go before their websockets") {
  Room room;
  auto topics = std::make_unique<Topics>();
  topics->subscribe(room.join(), "a");
  topics.reset();
  static_cast<void>(room.connections[0]->close());
  room.turns();
  CHECK(room.peers[0].events() == Events{"close:1000:"});
}

TEST_CASE("What is published while input is handled leaves with the answers, in order") {
  Topics topics;
  Line line([&](Websocket& ws) -> Task<> {
    topics.subscribe(ws, "a");
    while (const auto message = co_await ws.recv()) {
      co_await ws.send("answer to " + message->str());
      topics.publish_now("a", "published after " + message->str());
    }
  });
  line.peer.text("1");
  line.peer.text("2");
  line.turns();
  CHECK(line.peer.events() == Events{"text:answer to 1", "text:published after 1",
                                     "text:answer to 2", "text:published after 2"});
}

/// A subscriber whose stream does what the script says.
struct ScriptedRoom : Room {
  ScriptedRoom() {
    script->ends = false;
    ws = open(script, [this](Websocket& opened) -> Task<> {
           static_cast<void>(co_await opened.recv());
           view_ended = true;
         }).lock();
    turns(2);
    topics.subscribe(*ws, "a");
    pass(1ms);
  }

  [[nodiscard]] Events sent() const { return events_of(script->output); }

  std::shared_ptr<Script> script = std::make_shared<Script>();
  std::shared_ptr<Websocket> ws;
  bool view_ended = false;
};

TEST_CASE("What is published leaves at once, and what follows in the same turn leaves together") {
  ScriptedRoom room;
  room.topics.publish_now("a", "1");
  CHECK(room.sent() == Events{"text:1"});
  room.topics.publish_now("a", "2");
  room.topics.publish_now("a", "3");
  CHECK(room.script->writes == 1);
  room.turns();
  CHECK(room.sent() == Events{"text:1", "text:2", "text:3"});
  CHECK(room.script->writes == 2);
}

TEST_CASE("What is published does not overtake what waits to be sent") {
  ScriptedRoom room;
  room.script->full = 100;
  static_cast<void>(room.ws->send("before"));
  room.pass(1ms);
  room.script->full = 0;
  room.topics.publish_now("a", "published");
  CHECK(room.sent().empty());
  room.turns();
  CHECK(room.sent() == Events{"text:before", "text:published"});
  CHECK(room.script->writes == 1);
}

TEST_CASE("What a stream does not take of a published message follows, however little it takes") {
  ScriptedRoom room;
  room.script->full = GENERATE(0, 1, 3);
  room.script->write_size = GENERATE(1, 2, 5, 65536);
  room.topics.publish_now("a", "1");
  room.topics.publish_now("a", "2");
  room.turns(40);
  CHECK(room.sent() == Events{"text:1", "text:2"});
}

TEST_CASE("What has waited for a slow client leaves together once there is room") {
  ScriptedRoom room;
  room.topics.subscribe(*room.ws, "a", when(WhenSlow::kDropOldest, 1000));
  room.script->full = 1000000;
  for (int i = 0; i < 300; ++i) {
    room.topics.publish_now("a", std::string(1000, 'x'));
    room.pass(1ms);
  }
  REQUIRE(dynamic_cast<Connection&>(*room.ws).waiting() > 100);
  room.script->full = 0;
  room.turns();
  CHECK(room.sent().size() == 300);
  CHECK(room.script->writes < 10);
}

TEST_CASE("A stream that breaks under a published message ends in another turn, and alone") {
  ScriptedRoom room;
  room.join("a");
  room.pass(1ms);
  room.script->fails_at = room.script->calls;
  room.topics.publish_now("a", "1");
  CHECK_FALSE(room.view_ended);
  CHECK_FALSE(room.ws->is_open());
  CHECK(room.topics.subscriber_count("a") == 1);
  room.turns();
  CHECK(room.view_ended);
  CHECK(room.read(0) == Events{"text:1"});
}

TEST_CASE("One slow client delays nobody") {
  Room room;
  room.join("a", when(WhenSlow::kDropOldest));
  room.join("a");
  for (int i = 0; i < 100; ++i) {
    room.topics.publish_now("a", std::string(30'000, 'x'));
    room.turns(1);
    CHECK(room.peers[1].events().size() == 1);
  }
}

TEST_CASE("A client that never reads costs bounded memory under every policy that drops") {
  for (const auto when_slow : {WhenSlow::kDropOldest, WhenSlow::kDropNewest, WhenSlow::kCoalesce}) {
    Room room;
    room.join("a", when(when_slow));
    for (int i = 0; i < 500; ++i) room.topics.publish_now("a", std::string(30'000, 'x'));
    CHECK(room.connections[0]->buffered() < 100'000);
    CHECK(room.connections[0]->waiting() == 2);
  }
}

TEST_CASE("Each policy loses what it says, and what remains arrives in order") {
  const auto after = [](WhenSlow when_slow) {
    Room room;
    room.join("a", when(when_slow));
    flood(room, "a");
    for (const char* text : {"1", "2", "3"}) {
      static_cast<void>(room.topics.publish("a", text, {.key = "k"}));
    }
    return short_ones(room.read(0));
  };
  CHECK(after(WhenSlow::kDropOldest) == Events{"text:2", "text:3"});
  CHECK(after(WhenSlow::kDropNewest) == Events{"text:1"});
  CHECK(after(WhenSlow::kCoalesce) == Events{"text:3"});
  CHECK(after(WhenSlow::kClose) == Events{"close:1013:too slow"});
  CHECK(after(WhenSlow::kWait) == Events{"text:1", "text:2", "text:3"});
}

TEST_CASE("A policy may close with 1008, and its code is checked when it is given") {
  Room room;
  auto& ws = room.join();
  const SlowClientPolicy close{.capacity = 1, .close_code = 1008};
  room.topics.subscribe(ws, "a", {.slow_client = close});
  flood(room, "a");
  room.topics.publish_now("a", "one too many");
  CHECK(short_ones(room.read(0)) == Events{"close:1008:too slow"});
  auto& other = room.join();
  CHECK_THROWS_WITH(
      room.topics.subscribe(other, "a", {.slow_client = SlowClientPolicy{.close_code = 1006}}),
      Catch::Contains("1006"));
}

TEST_CASE("With kWait who publishes waits until the slowest client has room") {
  Room room;
  room.join("a", when(WhenSlow::kWait));
  room.join("a");
  int published = 0;
  const auto publisher = spawn([&]() -> Task<> {
    for (; published < 100; ++published) {
      co_await room.topics.publish("a", std::string(30'000, 'x'));
    }
  });
  room.turns(10);
  const int before = published;
  CHECK(before < 60);
  CHECK(room.connections[0]->waiting() == 2);
  SECTION("it reads") {
    Events all;
    for (int i = 0; i < 200; ++i) {
      for (const std::size_t peer : {0, 1}) {
        const auto events = room.peers[peer].events();
        if (peer == 0) all.insert(all.end(), events.begin(), events.end());
      }
      room.turns(2);
    }
    CHECK(published == 100);
    CHECK(all.size() == 100);
  }
  SECTION("it goes") {
    room.peers[0].vanish();
    room.turns(10);
    for (int i = 0; i < 200; ++i) {
      room.peers[1].events();
      room.turns(2);
    }
    CHECK(published == 100);
  }
}

TEST_CASE("Who publishes does not wait for a client whose policy is another one by then") {
  Room room;
  auto& ws = room.join("a", when(WhenSlow::kWait, 1));
  auto& other = room.join("a", when(WhenSlow::kWait, 1));
  int published = 0;
  const auto publisher = spawn([&]() -> Task<> {
    for (; published < 100; ++published) {
      co_await room.topics.publish("a", std::string(30'000, 'x'));
    }
  });
  room.turns(10);
  const int before = published;
  room.topics.subscribe(ws, "a", when(WhenSlow::kDropOldest));
  room.turns(10);
  CHECK(published == before);
  SECTION("another policy") { room.topics.subscribe(other, "a", when(WhenSlow::kDropNewest)); }
  SECTION("no subscription") { CHECK(room.topics.unsubscribe(other, "a")); }
  room.turns(200);
  CHECK(published == 100);
}

TEST_CASE("Who publishes and cannot wait closes the client that it would have waited for") {
  Room room;
  room.join("a", when(WhenSlow::kWait));
  flood(room, "a");
  for (const char* text : {"1", "2", "3"}) room.topics.publish_now("a", text);
  CHECK(short_ones(room.read(0)) == Events{"close:1013:too slow"});
}

TEST_CASE("What is for a topic that a websocket has left is not that of the next one") {
  Room room;
  auto& ws = room.join("a", when(WhenSlow::kDropOldest, 1));
  flood(room, "a");
  room.topics.publish_now("a", "of the first");
  room.topics.unsubscribe(ws, "a");
  room.topics.subscribe(ws, "b", when(WhenSlow::kDropOldest, 1));
  room.topics.publish_now("b", "of the second");
  CHECK(short_ones(room.read(0)) == Events{"text:of the first", "text:of the second"});
}

TEST_CASE("A wait in publish that is cancelled leaves nothing behind") {
  Room room;
  room.join("a", when(WhenSlow::kWait, 1));
  auto publisher = spawn([&]() -> Task<> {
    for (;;) co_await room.topics.publish("a", std::string(30'000, 'x'));
  });
  room.turns(10);
  publisher.cancel();
  room.turns();
  room.read(0);
  CHECK(room.connections[0]->waiting() == 0);
}

TEST_CASE("Each topic of a connection has its own queue and policy") {
  Room room;
  auto& ws = room.join("flood", when(WhenSlow::kDropNewest, 1));
  room.topics.subscribe(ws, "news", when(WhenSlow::kDropOldest, 2));
  flood(room, "flood");
  for (const char* text : {"1", "2", "3"}) room.topics.publish_now("news", text);
  for (const char* text : {"a", "b"}) room.topics.publish_now("flood", text);
  CHECK(short_ones(room.read(0)) == Events{"text:2", "text:3"});
}

TEST_CASE("A view's own messages wait behind published ones, and are never dropped") {
  Room room;
  auto& ws = room.join("a", when(WhenSlow::kDropOldest, 1));
  flood(room, "a");
  auto own = ws.send("own");
  for (int i = 0; i < 10; ++i) room.topics.publish_now("a", std::to_string(i));
  CHECK(short_ones(room.read(0)) == Events{"text:own", "text:9"});
}

TEST_CASE("A message published while another one is sent in pieces waits for its end") {
  Topics topics;
  Event go;
  Line line([&](Websocket& ws) -> Task<> {
    topics.subscribe(ws, "a");
    int count = 0;
    co_await ws.send_fragments(MessageKind::kText, [&]() -> Task<std::optional<std::string>> {
      if (count == 1) co_await go.wait();
      if (count == 2) co_return std::nullopt;
      co_return std::to_string(++count);
    });
    while (const auto message = co_await ws.recv()) {
    }
  });
  topics.publish_now("a", "published");
  line.turns();
  CHECK(line.peer.events().empty());
  go.set();
  line.turns();
  CHECK(line.peer.events() == Events{"text:12", "text:published"});
}

TEST_CASE("Other threads may publish, and what they publish is checked there") {
  Room room;
  room.join("a");
  std::thread([&] {
    room.topics.publish_threadsafe("a", "from a thread");
    CHECK_THROWS_AS(room.topics.publish_threadsafe("a", "\xFF"), Error);
    CHECK_THROWS_WITH(room.topics.publish("a", "x"), Catch::Contains("publish_threadsafe"));
  }).join();
  CHECK(room.read(0) == Events{"text:from a thread"});
  Topics unused;
  unused.publish_threadsafe("a", "nobody ever subscribed");
}

TEST_CASE("A handle sends and closes from any thread") {
  Room room;
  const WebsocketHandle handle = room.join().handle();
  std::thread([&] {
    handle.send_threadsafe("from a thread");
    handle.close_threadsafe(3000, "enough");
    CHECK_THROWS_AS(handle.close_threadsafe(1006), Error);
    CHECK_THROWS_AS(handle.lock(), ScopeError);
  }).join();
  CHECK(handle.lock() == room.connections[0]);
  CHECK(room.read(0) == Events{"text:from a thread", "close:3000:enough"});
}

TEST_CASE("A handle is harmless once its connection or its loop is gone") {
  WebsocketHandle handle;
  handle.send_threadsafe("of no connection");
  {
    Room room;
    handle = room.join().handle();
    CHECK(handle == room.connections[0]->handle());
    CHECK_FALSE(handle == room.join().handle());
    room.connections.clear();
    room.peers[0].vanish();
    room.turns();
    CHECK(handle.lock() == nullptr);
    handle.send_threadsafe("nobody is there");
    room.turns();
  }
  handle.send_threadsafe("nobody at all");
  handle.close_threadsafe();
}

TEST_CASE("A handle's messages to a slow client are bounded by the connection's policy") {
  Room room;
  auto& ws =
      room.join(Endpoint{.slow_client = {.when_slow = WhenSlow::kDropOldest, .capacity = 3}});
  const auto handle = ws.handle();
  for (int i = 0; i < 100; ++i) handle.send_threadsafe(std::string(30'000, 'x'));
  handle.send_threadsafe("last");
  room.turns();
  CHECK(room.connections[0]->waiting() == 3);
  CHECK(short_ones(room.read(0)) == Events{"text:last"});
}

TEST_CASE("Thousands of subscribers get a message of one encoding") {
  Room room;
  for (int i = 0; i < 300; ++i) room.join("all");
  room.topics.publish_now("all", std::string(1000, 'x'));
  room.turns();
  for (auto& peer : room.peers) CHECK(peer.events().size() == 1);
}

}  // namespace
}  // namespace aiopyr::websocket::testing

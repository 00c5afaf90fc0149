#include <catch2/catch.hpp>

#include "tests/unit/support/fake_uwsgi_engine.h"
#include "tests/unit/support/peer.h"
#include <aiopyr/runtime/async/fibers/fiber.h>
#include <aiopyr/websocket/connection/uwsgi_session.h>
#include <aiopyr/websocket/session/fragmented_send.h>
#include <aiopyr/websocket/session/loop_websockets.h>

namespace aiopyr::websocket::testing {
namespace {

using namespace std::chrono_literals;

/// Holds the counters of this thread during its lifetime.
class Counted {
 public:
  Counted() { Connections::of_this_thread().set_counters(counters); }
  ~Counted() { Connections::of_this_thread().set_counters(outside_); }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

  [[nodiscard]] std::uint64_t closed(std::uint16_t code) const {
    return counters.closes.value(CloseCounters::kind_of(code));
  }

  Counters counters;

 private:
  Counters& outside_ = Connections::of_this_thread().counters();
};

TEST_CASE("A websocket is open from its handshake to its end") {
  Counted counted;
  {
    Line line(echo);
    CHECK(counted.counters.open.value() == 1);
    line.peer.close(1000);
    line.turns();
    line.peer.vanish();
    line.turns();
    CHECK(counted.counters.open.value() == 0);
  }
  CHECK(counted.counters.open.value() == 0);
  CHECK(counted.counters.opened.value() == 1);
  CHECK(counted.closed(1000) == 1);
}

TEST_CASE("Messages and their bytes are counted each way") {
  Counted counted;
  Line line(echo);
  line.peer.text("four");
  line.peer.binary("123");
  line.peer.ping("not a message");
  line.turns();
  CHECK(counted.counters.messages_received.value() == 2);
  CHECK(counted.counters.bytes_received.value() == 7);
  CHECK(counted.counters.messages_sent.value() == 2);
  CHECK(counted.counters.bytes_sent.value() == 7);
}

TEST_CASE("A message in pieces counts as one, with all its bytes") {
  Counted counted;
  Line line([](Websocket& ws) -> Task<> {
    std::vector<std::string> pieces{"ab", "cde"};
    co_await ws.send_fragments(MessageKind::kText, std::move(pieces));
    static_cast<void>(co_await ws.recv());
  });
  line.turns();
  CHECK(counted.counters.messages_sent.value() == 1);
  CHECK(counted.counters.bytes_sent.value() == 5);
}

TEST_CASE("A websocket counts with the code of the first close frame") {
  Counted counted;
  {
    Line by_peer(echo);
    by_peer.peer.close(4321);
    by_peer.turns();
  }
  {
    Line by_view([](Websocket& ws) -> Task<> { co_await ws.close(1008); });
    by_view.turns();
    by_view.peer.close(1000);
    by_view.turns();
  }
  {
    Line vanished(echo);
    vanished.peer.vanish();
    vanished.turns();
  }
  CHECK(counted.closed(4000) == 1);
  CHECK(counted.closed(1008) == 1);
  CHECK(counted.closed(1000) == 0);
  CHECK(counted.closed(1006) == 1);
  CHECK(counted.counters.open.value() == 0);
}

TEST_CASE("The codes that a client may choose cannot make many figures") {
  std::size_t kinds = 0;
  for (int code = 0; code <= 0xFFFF; ++code) {
    const auto kind = CloseCounters::kind_of(static_cast<std::uint16_t>(code));
    REQUIRE(kind < CloseCounters::kKinds);
    kinds = std::max(kinds, kind + 1);
  }
  CHECK(kinds == CloseCounters::kKinds);
  CHECK(CloseCounters::name_of(CloseCounters::kind_of(1000)) == "1000");
  CHECK(CloseCounters::name_of(CloseCounters::kind_of(1015)) == "1015");
  CHECK(CloseCounters::name_of(CloseCounters::kind_of(3999)) == "3xxx");
  CHECK(CloseCounters::name_of(CloseCounters::kind_of(4000)) == "4xxx");
  CHECK(CloseCounters::name_of(CloseCounters::kind_of(1016)) == "other");
  CHECK(CloseCounters::name_of(CloseCounters::kind_of(5000)) == "other");
}

TEST_CASE("A pong counts how long it took, once") {
  Counted counted;
  Line line(echo);
  line.pass(20s);
  const auto events = line.peer.events();
  REQUIRE(events.size() == 1);
  line.pass(3s);
  line.peer.send(frame(0x8A, events[0].substr(5)));
  line.turns();
  const auto latency = counted.counters.ping_latency.totals();
  CHECK(latency.count() == 1);
  CHECK(latency.sum == 3s);
}

TEST_CASE("What a slow client misses is counted by the policy") {
  Counted counted;
  Backlog backlog;
  const auto message = std::make_shared<const PreparedMessage>(Message("x"));
  const auto add = [&](WhenSlow when_slow, std::string_view key) {
    return backlog.add(message, {.when_slow = when_slow, .capacity = 1}, Backlog::kHandle, key);
  };
  CHECK(add(WhenSlow::kDropNewest, "key"));
  CHECK(counted.counters.dropped_newest.value() == 0);
  CHECK(add(WhenSlow::kDropNewest, ""));
  CHECK(add(WhenSlow::kCoalesce, "key"));
  CHECK(add(WhenSlow::kDropOldest, ""));
  CHECK_FALSE(add(WhenSlow::kClose, ""));
  CHECK(add(WhenSlow::kWait, ""));
  CHECK(counted.counters.dropped_newest.value() == 1);
  CHECK(counted.counters.coalesced.value() == 1);
  CHECK(counted.counters.dropped_oldest.value() == 1);
  CHECK(counted.counters.refused.value() == 1);
}

TEST_CASE("The uWSGI mapper's websockets are counted in the same way") {
  Counted counted;
  LoopWithLog line;
  FakeUwsgiEngine client;
  client.text("four");
  auto handler = std::make_shared<std::unique_ptr<WebsocketHandler>>(handler_of(echo));
  Fiber::start(line.loop, [&client, handler] {
    UwsgiSession session(client, Opening{nullptr, std::move(*handler)}, true);
    CHECK(session.run() == nullptr);
  });
  line.turns();
  CHECK(counted.counters.open.value() == 1);
  CHECK(counted.counters.messages_received.value() == 1);
  CHECK(counted.counters.messages_sent.value() == 1);
  CHECK(counted.counters.bytes_sent.value() == 4);
  client.leave();
  line.turns();
  CHECK(counted.counters.open.value() == 0);
  CHECK(counted.closed(1005) == 1);
}

}  // namespace
}  // namespace aiopyr::websocket::testing

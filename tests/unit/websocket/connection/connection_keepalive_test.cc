#include <catch2/catch.hpp>

#include "tests/unit/support/peer.h"
#include <aiopyr/runtime/async/waits/event.h>
#include <aiopyr/runtime/async/waits/sleep.h>

namespace aiopyr::websocket::testing {
namespace {

using namespace std::chrono_literals;

Task<> receive_for_ever(Websocket& ws) {
  while (const auto message = co_await ws.recv()) {
  }
}

/// Returns the payload of the one ping among `events`.
std::string ping_in(const Events& events) {
  REQUIRE(events.size() == 1);
  REQUIRE(events[0].starts_with("ping:"));
  return events[0].substr(5);
}

TEST_CASE("A silent peer is pinged after the ping interval, and its pong measures the latency") {
  Line line(receive_for_ever);
  line.pass(19s);
  CHECK(line.peer.events().empty());
  line.pass(1s);
  const auto payload = ping_in(line.peer.events());
  CHECK(line.connection.lock()->latency() == Duration::zero());
  line.pass(3s);
  line.peer.send(frame(0x8A, payload));
  line.turns();
  CHECK(line.connection.lock()->latency() == 3s);
}

TEST_CASE("A peer that answers its pings is never closed") {
  Line line(receive_for_ever);
  for (int i = 0; i < 10; ++i) {
    line.pass(20s);
    line.peer.send(frame(0x8A, ping_in(line.peer.events())));
    line.turns();
  }
  CHECK(line.connection.lock()->is_open());
}

TEST_CASE("A peer that answers nothing is closed with 1011, whatever the view is doing") {
  std::string seen;
  Line line([&](Websocket& ws) -> Task<> {
    co_await sleep(30.0);
    while (const auto message = co_await ws.recv()) {
    }
    seen = std::to_string(ws.close_code());
  });
  line.pass(20s);
  line.peer.events();
  line.pass(20s);
  CHECK(line.peer.events() == Events{"close:1011:keepalive ping timeout"});
  CHECK(line.peer.at_end());
  CHECK(seen == "1006");
  line.pass(10s);
  CHECK(line.connection.expired());
}

TEST_CASE("Any byte of the peer counts as a sign of life") {
  Line line(receive_for_ever);
  line.pass(20s);
  line.peer.events();
  line.pass(19s);
  // The first byte of a frame.
  line.peer.send("\x81");
  line.turns();
  line.pass(19s);
  CHECK(line.peer.events().empty());
  CHECK(line.connection.lock()->is_open());
}

TEST_CASE("Traffic does not move the timer, and saves the pings") {
  Line line(echo);
  for (int i = 0; i < 10; ++i) {
    line.pass(15s);
    line.peer.text("x");
    line.turns();
    CHECK(line.peer.events() == Events{"text:x"});
  }
}

TEST_CASE("A view that does not receive keeps a connection whose pongs cannot be read") {
  Event never;
  Line line([&](Websocket&) -> Task<> { co_await never.wait(); });
  for (int i = 0; i < 40; ++i) line.peer.text("x");
  line.turns();
  for (int i = 0; i < 5; ++i) {
    line.pass(20s);
    ping_in(line.peer.events());
  }
  CHECK(line.connection.lock()->is_open());
}

TEST_CASE("A peer that does not read is given up, and its pings are not piled up") {
  Line line([](Websocket& ws) -> Task<> {
    for (;;) co_await ws.send(std::string(60'000, 'x'));
  });
  line.pass(20s);
  const auto kept = line.connection.lock()->buffered();
  line.pass(20s);
  CHECK(line.connection.lock()->buffered() < kept + 200);
  line.pass(10s);
  CHECK(line.connection.expired());
}

TEST_CASE("With an interval of zero nobody is pinged, with a timeout of zero nobody is closed") {
  SECTION("no pings") {
    Line line(receive_for_ever, {.ping_interval = Duration::zero()});
    line.pass(1h);
    CHECK(line.peer.events().empty());
    CHECK(line.connection.lock()->is_open());
  }
  SECTION("no timeout") {
    Line line(receive_for_ever, {.ping_timeout = Duration::zero()});
    for (int i = 0; i < 10; ++i) {
      line.pass(20s);
      ping_in(line.peer.events());
    }
    CHECK(line.connection.lock()->is_open());
  }
}

TEST_CASE("A connection without messages is closed with 1001 after the idle timeout") {
  Line line(echo, {.ping_interval = Duration::zero(), .idle_timeout = 60s});
  line.pass(50s);
  line.peer.text("x");
  line.turns();
  CHECK(line.peer.events() == Events{"text:x"});
  line.pass(50s);
  CHECK(line.peer.events().empty());
  line.pass(10s);
  CHECK(line.peer.events() == Events{"close:1001:idle for too long"});
}

TEST_CASE("Pongs are no messages: they do not delay the idle timeout") {
  Line line(echo, {.idle_timeout = 30s});
  line.pass(20s);
  line.peer.send(frame(0x8A, ping_in(line.peer.events())));
  line.turns();
  line.pass(10s);
  CHECK(line.peer.events() == Events{"close:1001:idle for too long"});
}

TEST_CASE("A closing connection has its close timeout, not the keepalive's") {
  Line line([](Websocket& ws) -> Task<> { co_await ws.close(); });
  CHECK(line.peer.events() == Events{"close:1000:"});
  line.pass(9s);
  CHECK_FALSE(line.connection.expired());
  line.pass(1s);
  CHECK(line.connection.expired());
}

TEST_CASE("ping() gives the time until its pong") {
  Duration took{};
  Line line([&](Websocket& ws) -> Task<> { took = co_await ws.ping("hello"); });
  CHECK(ping_in(line.peer.events()) == "hello");
  line.pass(2s);
  line.peer.send(frame(0x8A, "hello"));
  line.turns();
  CHECK(took == 2s);
  CHECK(line.peer.events() == Events{"close:1000:"});
}

TEST_CASE("A pong answers the pings before its own too, and one not asked for answers none") {
  std::string order;
  Line line([&](Websocket& ws) -> Task<> {
    auto first = ws.ping("1");
    auto second = ws.ping("2");
    auto third = ws.ping("3");
    co_await first;
    order += "1";
    co_await second;
    order += "2";
    co_await third;
    order += "3";
  });
  line.peer.send(frame(0x8A, "unasked"));
  line.turns();
  CHECK(order.empty());
  line.peer.send(frame(0x8A, "2"));
  line.turns();
  CHECK(order == "12");
  line.peer.send(frame(0x8A, "3"));
  line.turns();
  CHECK(order == "123");
}

TEST_CASE("Pings without a payload are told apart") {
  Line line([](Websocket& ws) -> Task<> {
    auto first = ws.ping();
    auto second = ws.ping();
    co_await second;
    co_await first;
  });
  const auto pings = line.peer.events();
  REQUIRE(pings.size() == 2);
  CHECK(pings[0] != pings[1]);
}

TEST_CASE("A ping that cannot be answered any more throws ConnectionClosed") {
  std::string note;
  const auto view = [&](Websocket& ws) -> Task<> {
    try {
      co_await ws.ping();
    } catch (const ConnectionClosed& closed) {
      note = std::to_string(closed.code());
    }
  };
  SECTION("the peer closes") {
    Line line(view);
    line.peer.close(1000);
    line.turns();
    CHECK(note == "1000");
  }
  SECTION("the peer vanishes") {
    Line line(view);
    line.peer.vanish();
    line.turns();
    CHECK(note == "1006");
  }
}

TEST_CASE("A ping that is no longer waited for leaves nothing behind") {
  Line line([](Websocket& ws) -> Task<> {
    static_cast<void>(ws.ping("forgotten"));
    co_await echo(ws);
  });
  line.peer.send(frame(0x8A, "forgotten"));
  line.peer.text("x");
  line.turns();
  CHECK(line.peer.events() == Events{"ping:forgotten", "text:x"});
}

TEST_CASE("A ping of more than 125 bytes is refused before anything is sent") {
  Line line([](Websocket& ws) -> Task<> { co_await ws.ping(std::string(126, 'x')); });
  REQUIRE(line.log.size() == 1);
  CHECK(line.log[0].find("at most 125 bytes") != std::string::npos);
  CHECK(line.peer.events() == Events{"close:1011:"});
}

}  // namespace
}  // namespace aiopyr::websocket::testing

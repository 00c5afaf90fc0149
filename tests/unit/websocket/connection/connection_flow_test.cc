#include <catch2/catch.hpp>

#include "tests/unit/support/peer.h"
#include <aiopyr/runtime/async/waits/event.h>
#include <aiopyr/runtime/async/waits/sleep.h>

namespace aiopyr::websocket::testing {
namespace {

using namespace std::chrono_literals;

std::string numbered(int count, std::size_t size = 0) {
  std::string stream;
  for (int i = 0; i < count; ++i) {
    stream += frame(0x81, std::to_string(i) + std::string(size, '.'));
  }
  return stream;
}

Events numbered_events(int count, std::size_t size = 0) {
  Events events;
  for (int i = 0; i < count; ++i) {
    events.push_back("text:" + std::to_string(i) + std::string(size, '.'));
  }
  return events;
}

/// Feeds the peer's stream as the socket takes it, and reads the answers.
Events exchange(Line& line, std::string_view stream, int turns) {
  Events events;
  for (int i = 0; i < turns; ++i) {
    stream.remove_prefix(line.peer.send(stream));
    line.turns(1);
    for (auto& event : line.peer.events()) events.push_back(event);
  }
  return events;
}

TEST_CASE("Thousands of messages in one read are answered in order") {
  Line line(echo);
  CHECK(exchange(line, numbered(5000), 20) == numbered_events(5000));
}

TEST_CASE("A view that takes its time gets every message in order") {
  Line line([](Websocket& ws) -> Task<> {
    while (auto message = co_await ws.recv()) {
      co_await sleep(0);
      co_await ws.send(*message);
    }
  });
  CHECK(exchange(line, numbered(1000), 3000) == numbered_events(1000));
}

TEST_CASE("A view that does not receive stops the reading, and so the peer") {
  Event go;
  std::size_t received = 0;
  Line line([&](Websocket& ws) -> Task<> {
    co_await go.wait();
    while (const auto message = co_await ws.recv()) ++received;
  });
  const auto stream = numbered(4000, 1000);
  std::string_view rest = stream;
  for (int i = 0; i < 100; ++i) {
    rest.remove_prefix(line.peer.send(rest));
    line.turns(1);
  }
  // At most one read is kept, and the inbox; the rest stays with the peer.
  CHECK(line.connection.lock()->buffered() <= 65536);
  CHECK(rest.size() > stream.size() / 2);
  CHECK(line.loop.watch_count() == 0);
  go.set();
  exchange(line, rest, 500);
  CHECK(received == 4000);
}

TEST_CASE("A slow reader suspends send, and costs bounded memory") {
  int sent = 0;
  Line line([&](Websocket& ws) -> Task<> {
    for (; sent < 100; ++sent) co_await ws.send(std::string(30'000, 'x'));
    static_cast<void>(co_await ws.recv());
  });
  line.turns(20);
  const int before = sent;
  CHECK(before < 50);
  CHECK(line.connection.lock()->buffered() <= 64 * 1024 + 30'014);
  Events events;
  for (int i = 0; i < 200; ++i) {
    for (auto& event : line.peer.events()) events.push_back(event);
    line.turns(2);
  }
  CHECK(sent == 100);
  CHECK(events.size() == 100);
}

TEST_CASE("A send that waits goes on with ConnectionClosedError when the peer vanishes") {
  std::string note;
  Line line([&](Websocket& ws) -> Task<> {
    try {
      for (;;) co_await ws.send(std::string(30'000, 'x'));
    } catch (const ConnectionClosedError& closed) {
      note = std::to_string(closed.code());
    }
  });
  line.turns();
  CHECK(note.empty());
  line.peer.vanish();
  line.turns();
  CHECK(note == "1006");
  CHECK(line.connection.expired());
}

TEST_CASE("A wait in send that is cancelled leaves nothing behind") {
  bool went_on = false;
  Line line([&](Websocket& ws) -> Task<> {
    auto sender = spawn([&]() -> Task<> {
      for (;;) co_await ws.send(std::string(60'000, 'x'));
    });
    co_await sleep(1.0);
    sender.cancel();
    co_await sleep(0);
    went_on = true;
    static_cast<void>(co_await ws.recv());
  });
  line.pass(2s);
  REQUIRE(went_on);
  Events events;
  for (int i = 0; i < 50; ++i) {
    for (auto& event : line.peer.events()) events.push_back(event);
    line.turns(2);
  }
  CHECK(events.size() > 2);
}

TEST_CASE("A message as large as the limit is echoed") {
  Line line(echo);
  const std::string payload(kDefaultMaxMessageSize, 'm');
  const auto events = exchange(line, frame(0x82, payload), 200);
  REQUIRE(events.size() == 1);
  CHECK(events[0] == "binary:" + payload);
}

TEST_CASE("A peer that pings without reading does not fill our memory") {
  Event never;
  Line line([&](Websocket&) -> Task<> { co_await never.wait(); });
  std::string pings;
  for (int i = 0; i < 100; ++i) pings += frame(0x89, std::string(125, 'p'));
  for (int i = 0; i < 500; ++i) {
    line.peer.send(pings);
    line.turns(1);
    REQUIRE(line.connection.lock()->buffered() <= 64 * 1024 + 127);
  }
}

TEST_CASE("What was valid before a violation is answered before the close frame") {
  const auto valid = numbered(20);
  const std::string violation = GENERATE(frame(0x83, ""), frame(0x80, ""), frame(0x81, "\xFF"));
  const auto code = violation == frame(0x81, "\xFF") ? "close:1007" : "close:1002";
  const Duration takes = GENERATE(0ms, 100ms);
  Line line([&](Websocket& ws) -> Task<> {
    while (auto message = co_await ws.recv()) {
      if (takes > 0s) co_await sleep(takes);
      co_await ws.send(*message);
    }
  });
  line.peer.send(valid + violation);
  Events events;
  for (int i = 0; i < 25; ++i) {
    line.pass(takes);
    for (auto& event : line.peer.events()) events.push_back(event);
  }
  REQUIRE(events.size() == 21);
  CHECK(events.back().substr(0, 10) == code);
  events.pop_back();
  CHECK(events == numbered_events(20));
  CHECK(line.peer.at_end());
  CHECK(line.log.empty());
}

TEST_CASE("A violation does not wait for a view that never asks") {
  Event never;
  Line line([&](Websocket&) -> Task<> { co_await never.wait(); });
  line.peer.send(frame(0x81, "hello") + frame(0x83, ""));
  line.turns();
  CHECK(line.peer.events().empty());
  line.pass(11s);
  CHECK(line.peer.events() == Events{"close:1002:opcode is reserved"});
  line.pass(11s);
  CHECK(line.loop.watch_count() == 0);
}

TEST_CASE("Bad UTF-8 in a frame that is still arriving fails the connection with 1007") {
  Line line(echo);
  line.peer.send(frame(0x81, std::string("abc\xF4\x90") + std::string(100, 'x')).substr(0, 11));
  line.turns();
  const auto events = line.peer.events();
  REQUIRE(events.size() == 1);
  CHECK(events[0].substr(0, 10) == "close:1007");
}

TEST_CASE("A message over the limit fails with 1009 at its header") {
  Endpoint endpoint;
  endpoint.max_message_size = 100;
  Line line(echo, endpoint);
  line.peer.send(frame(0x81, std::string(100, 'x')) +
                 frame(0x81, std::string(101, 'x')).substr(0, 8));
  line.turns();
  const auto events = line.peer.events();
  REQUIRE(events.size() == 2);
  CHECK(events[1].substr(0, 10) == "close:1009");
  CHECK(line.peer.at_end());
}

}  // namespace
}  // namespace aiopyr::websocket::testing

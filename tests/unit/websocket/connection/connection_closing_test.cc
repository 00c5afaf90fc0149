#include <catch2/catch.hpp>

#include "tests/unit/support/peer.h"
#include <aiopyr/runtime/async/waits/event.h>
#include <aiopyr/runtime/async/waits/sleep.h>

namespace aiopyr::websocket::testing {
namespace {

using namespace std::chrono_literals;

/// Records how a view's attempt to send has ended.
Task<> note_closed(Websocket& ws, std::string& note) {
  try {
    co_await ws.send("too late");
    note = "sent";
  } catch (const ConnectionClosedOK& closed) {
    note = "ok " + std::to_string(closed.code());
  } catch (const ConnectionClosedError& closed) {
    note = "error " + std::to_string(closed.code());
  }
}

TEST_CASE("The peer's close is echoed with its code, recv gives none, and the stream ends") {
  bool got_none = false;
  std::string note;
  std::string reason;
  Line line([&](Websocket& ws) -> Task<> {
    got_none = !(co_await ws.recv());
    reason = ws.close_reason();
    co_await note_closed(ws, note);
  });
  line.peer.close(1001, "moving on");
  line.turns();
  CHECK(got_none);
  CHECK(note == "ok 1001");
  CHECK(reason == "moving on");
  CHECK(line.peer.events() == Events{"close:1001:"});
  CHECK(line.peer.at_end());
  line.peer.vanish();
  line.turns();
  CHECK(line.connection.expired());
  CHECK(line.loop.watch_count() == 0);
  CHECK(line.log.empty());
}

TEST_CASE("A close without a code is answered by one, and one with an error code is an error") {
  std::string note;
  auto view = [&](Websocket& ws) -> Task<> {
    static_cast<void>(co_await ws.recv());
    co_await note_closed(ws, note);
  };
  {
    Line line(view);
    line.peer.send(frame(0x88, ""));
    line.turns();
    CHECK(line.peer.events() == Events{"close:1005:"});
    CHECK(note == "ok 1005");
  }
  Line line(view);
  line.peer.close(3000);
  line.turns();
  CHECK(line.peer.events() == Events{"close:3000:"});
  CHECK(note == "error 3000");
}

TEST_CASE("A view that returns closes with 1000") {
  Line line([](Websocket&) -> Task<> { co_return; });
  CHECK(line.peer.events() == Events{"close:1000:"});
  line.peer.close(1000);
  line.turns();
  CHECK(line.peer.events().empty());
  CHECK(line.peer.at_end());
  line.peer.vanish();
  line.turns();
  CHECK(line.connection.expired());
}

TEST_CASE("A view that throws closes with 1011 and is logged once, by its name") {
  Line line([](Websocket& ws) -> Task<> {
    static_cast<void>(co_await ws.recv());
    throw std::runtime_error("it broke");
  });
  line.peer.text("go");
  line.turns();
  CHECK(line.peer.events() == Events{"close:1011:"});
  REQUIRE(line.log.size() == 1);
  CHECK(line.log[0].find("the_view") != std::string::npos);
  CHECK(line.log[0].find("it broke") != std::string::npos);
  line.peer.vanish();
  line.turns();
  CHECK(line.log.size() == 1);
}

TEST_CASE("A ConnectionClosed that escapes the view of a connection that is over is not logged") {
  auto view = [](Websocket& ws) -> Task<> {
    while (const auto message = co_await ws.recv()) {
    }
    co_await ws.send("to nobody");
  };
  Line line(view);
  SECTION("the peer closes") { line.peer.close(1000); }
  SECTION("the peer closes in error") { line.peer.close(1011); }
  SECTION("the peer vanishes") { line.peer.vanish(); }
  line.turns();
  CHECK(line.log.empty());
}

TEST_CASE("A ConnectionClosedError of another connection is a failure of the view") {
  Line line([](Websocket&) -> Task<> {
    throw_connection_closed({}, true);
    co_return;
  });
  CHECK(line.log.size() == 1);
  CHECK(line.peer.events() == Events{"close:1011:"});
}

TEST_CASE("close() waits for the peer, and is idempotent") {
  std::vector<std::string> steps;
  Line line([&](Websocket& ws) -> Task<> {
    co_await ws.send("last words");
    auto waiting = ws.close(3001, "done");
    steps.emplace_back(ws.is_open() ? "open" : "not open");
    co_await waiting;
    steps.emplace_back("closed " + std::to_string(ws.close_code()));
    co_await ws.close(1000);
    steps.emplace_back("again");
  });
  CHECK(line.peer.events() == Events{"text:last words", "close:3001:done"});
  CHECK(steps == std::vector<std::string>{"not open"});
  line.peer.close(3001);
  line.turns();
  CHECK(steps == std::vector<std::string>{"not open", "closed 3001", "again"});
  CHECK(line.peer.events().empty());
}

TEST_CASE("A peer that does not answer a close is dropped after ten seconds") {
  std::string note;
  Line line([&](Websocket& ws) -> Task<> {
    co_await ws.close();
    co_await note_closed(ws, note);
  });
  line.pass(9s);
  CHECK(note.empty());
  line.pass(2s);
  CHECK(note == "error 1006");
  CHECK(line.connection.expired());
}

TEST_CASE("A peer that does not end the stream after both closes is dropped after ten seconds") {
  Line line(echo);
  line.peer.close(1000);
  line.turns();
  CHECK_FALSE(line.connection.expired());
  line.pass(9s);
  CHECK_FALSE(line.connection.expired());
  line.pass(2s);
  CHECK(line.connection.expired());
}

TEST_CASE("Behind our close frame messages are dropped until the peer's comes") {
  bool closed = false;
  Line line([&](Websocket& ws) -> Task<> {
    co_await ws.close();
    closed = true;
  });
  for (int i = 0; i < 50; ++i) line.peer.text("ignored");
  line.peer.close(1000);
  line.turns();
  CHECK(closed);
  CHECK(line.peer.events() == Events{"close:1000:"});
}

TEST_CASE("Codes that may not be on the wire are refused") {
  std::vector<std::string> errors;
  Line line([&](Websocket& ws) -> Task<> {
    constexpr std::array<std::uint16_t, 8> kForbidden{0, 999, 1004, 1005, 1006, 1015, 2999, 5000};
    for (const auto code : kForbidden) {
      try {
        co_await ws.close(code);
      } catch (const Error& error) {
        errors.emplace_back(error.what());
      }
    }
    co_await ws.send("still open");
  });
  CHECK(errors.size() == 8);
  CHECK(line.peer.events().at(0) == "text:still open");
}

TEST_CASE("A peer that vanishes ends recv with none, and sending is an error") {
  std::string note;
  std::uint16_t code = 0;
  Line line([&](Websocket& ws) -> Task<> {
    while (const auto message = co_await ws.recv()) {
    }
    code = ws.close_code();
    co_await note_closed(ws, note);
  });
  SECTION("while nothing happens") {}
  SECTION("inside of a frame") { line.peer.send(frame(0x81, "unfinished").substr(0, 7)); }
  SECTION("between two fragments") { line.peer.send(frame(0x01, "unfinished")); }
  SECTION("with its output only") {
    line.peer.end_output();
    line.turns();
  }
  line.peer.vanish();
  line.turns();
  CHECK(code == 1006);
  CHECK(note == "error 1006");
  CHECK(line.connection.expired());
  CHECK(line.loop.watch_count() == 0);
}

TEST_CASE("What came before the peer vanished is delivered") {
  Event go;
  std::vector<std::string> seen;
  Line line([&](Websocket& ws) -> Task<> {
    co_await go.wait();
    while (auto message = co_await ws.recv()) seen.push_back(message->str());
  });
  line.peer.text("one");
  line.peer.text("two");
  line.turns();
  line.peer.vanish();
  line.turns();
  go.set();
  line.turns();
  CHECK(seen == std::vector<std::string>{"one", "two"});
}

TEST_CASE("Cancelling a connection destroys its view and closes the stream at once") {
  auto held = std::make_shared<int>();
  const std::weak_ptr<int> alive = held;
  Line line([held = std::move(held)](Websocket& ws) -> Task<> {
    const auto kept = held;
    static_cast<void>(co_await ws.recv());
  });
  held.reset();
  line.connection.lock()->cancel();
  CHECK_FALSE(alive.expired());
  line.turns();
  CHECK(alive.expired());
  CHECK(line.connection.expired());
  static_cast<void>(line.peer.events());
  CHECK(line.peer.at_end());
}

TEST_CASE("The end of the loop destroys what its connections hold") {
  auto held = std::make_shared<int>();
  const std::weak_ptr<int> alive = held;
  {
    Line line([held](Websocket& ws) -> Task<> {
      const auto kept = held;
      static_cast<void>(co_await ws.recv());
    });
    held.reset();
    CHECK_FALSE(alive.expired());
  }
  CHECK(alive.expired());
  CHECK(Connections::of_this_thread().count() == 0);
}

TEST_CASE("A coroutine that keeps the websocket beyond its end finds it closed") {
  std::shared_ptr<Websocket> kept;
  std::string note;
  Line line([&](Websocket& ws) -> Task<> {
    kept = ws.shared_from_this();
    co_return;
  });
  line.peer.close(1000);
  line.peer.vanish();
  line.turns();
  run_until_complete(note_closed(*kept, note));
  CHECK(note == "ok 1000");
  CHECK_FALSE(run_until_complete(
      [](Websocket& ws) -> Task<bool> { co_return (co_await ws.recv()).has_value(); }(*kept)));
}

}  // namespace
}  // namespace aiopyr::websocket::testing

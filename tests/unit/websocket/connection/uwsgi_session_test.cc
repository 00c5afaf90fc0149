#include <catch2/catch.hpp>

#include "tests/unit/support/fake_uwsgi_engine.h"
#include <aiopyr/runtime/async/fibers/fiber.h>
#include <aiopyr/runtime/async/waits/event.h>
#include <aiopyr/runtime/async/waits/sleep.h>
#include <aiopyr/websocket/connection/uwsgi_session.h>

namespace aiopyr::websocket::testing {
namespace {

using namespace std::chrono_literals;

/// A request's fiber that serves one websocket of uWSGI.
struct UwsgiLine : LoopWithLog {
  template <class View>
  explicit UwsgiLine(View view, bool use_str = true, bool sends_park = false) {
    engine.sends_park = sends_park;
    fiber = &Fiber::start(loop, [this, use_str,
                                 handler = std::make_shared<std::unique_ptr<WebsocketHandler>>(
                                     handler_of(std::move(view)))] {
      try {
        const auto session =
            std::make_shared<UwsgiSession>(engine, Opening{nullptr, std::move(*handler)}, use_str);
        const auto error = session->run();
        end = error ? aiopyr::describe(error) : "in order";
      } catch (const CancelledError&) {
        end = "cancelled";
      }
    });
    turns();
  }

  FakeUwsgiEngine engine;
  std::string end;
  Fiber* fiber = nullptr;
};

TEST_CASE("The echo over uWSGI keeps text as text and binary as binary, the empty ones too") {
  UwsgiLine line(echo);
  line.engine.text("one");
  line.engine.text("");
  line.engine.binary("two");
  line.turns();
  CHECK(line.engine.log == Events{"text:one", "text:", "binary:two"});
}

TEST_CASE("All messages of one readiness are delivered") {
  UwsgiLine line(echo);
  for (int i = 0; i < 500; ++i) line.engine.text(std::to_string(i));
  line.turns(30);
  REQUIRE(line.engine.log.size() == 500);
  CHECK(line.engine.log[499] == "text:499");
}

TEST_CASE("use_str makes text str where it decodes, and switched off makes all bytes") {
  auto kinds = [](bool use_str) {
    UwsgiLine line(
        [](Websocket& ws) -> Task<> {
          while (auto message = co_await ws.recv()) {
            co_await ws.send(std::string(message->is_text() ? "str" : "bytes"));
            co_await ws.send(*message);
          }
        },
        use_str);
    line.engine.text("ü");
    line.engine.text("\xFF");
    line.engine.binary("b");
    line.turns();
    return line.engine.log;
  };
  CHECK(kinds(true) ==
        Events{"text:str", "text:ü", "text:bytes", "binary:\xFF", "text:bytes", "binary:b"});
  CHECK(kinds(false) ==
        Events{"text:bytes", "text:ü", "text:bytes", "binary:\xFF", "text:bytes", "binary:b"});
}

TEST_CASE("A uWSGI view that returns closes with 1000 behind what it has sent") {
  UwsgiLine line(
      [](Websocket& ws) -> Task<> {
        for (int i = 0; i < 3; ++i) co_await ws.send(std::to_string(i));
      },
      true, true);
  line.turns(20);
  CHECK(line.engine.log == Events{"text:0", "text:1", "text:2", "close:1000:"});
  CHECK(line.end == "in order");
  CHECK(line.loop.watch_count() == 0);
}

TEST_CASE("A uWSGI view that throws closes with 1011 and ends the session with its exception") {
  UwsgiLine line([](Websocket& ws) -> Task<> {
    static_cast<void>(co_await ws.recv());
    throw std::runtime_error("it broke");
  });
  line.engine.text("go");
  line.turns();
  CHECK(line.engine.log == Events{"close:1011:"});
  CHECK(line.end.find("it broke") != std::string::npos);
}

TEST_CASE("A client that leaves ends recv with none, and sending is refused") {
  std::string note;
  UwsgiLine line([&](Websocket& ws) -> Task<> {
    while (const auto message = co_await ws.recv()) {
    }
    try {
      co_await ws.send("too late");
    } catch (const ConnectionClosedOK&) {
      note = "closed";
    }
  });
  line.engine.leave();
  line.turns();
  CHECK(note == "closed");
  CHECK(line.end == "in order");
  CHECK(line.engine.log.empty());
}

TEST_CASE("A client that is gone when the session sends ends it") {
  UwsgiLine line([](Websocket& ws) -> Task<> {
    for (;;) {
      co_await ws.send(std::string(70'000, 'x'));
      co_await sleep(0);
    }
  });
  line.engine.gone = true;
  line.turns(20);
  CHECK(line.end == "in order");
}

TEST_CASE("close() of a websocket of uWSGI sends code and reason, and waits at most ten seconds") {
  bool closed = false;
  auto view = [&](Websocket& ws) -> Task<> {
    static_cast<void>(co_await ws.recv());
    co_await ws.close(3001, "enough");
    closed = true;
  };
  {
    UwsgiLine line(view);
    line.engine.text("go");
    line.turns();
    CHECK(closed);
    CHECK(line.engine.log == Events{"close:3001:enough"});
    CHECK(line.end == "in order");
  }
  closed = false;
  UwsgiLine line(view);
  line.engine.answers_close = false;
  line.engine.text("go");
  line.turns();
  CHECK_FALSE(closed);
  line.pass(11s);
  CHECK(closed);
  CHECK(line.end == "in order");
}

TEST_CASE("A uWSGI view that does not receive stops the reading") {
  Event go;
  int received = 0;
  UwsgiLine line([&](Websocket& ws) -> Task<> {
    co_await go.wait();
    while (const auto message = co_await ws.recv()) ++received;
  });
  for (int i = 0; i < 100; ++i) line.engine.text("x");
  line.turns(10);
  CHECK(line.engine.receives <= 17);
  go.set();
  line.turns(60);
  CHECK(received == 100);
}

TEST_CASE("A uWSGI send suspends above the high-water mark and goes on") {
  int sent = 0;
  UwsgiLine line(
      [&](Websocket& ws) -> Task<> {
        for (; sent < 10; ++sent) co_await ws.send(std::string(50'000, 'x'));
      },
      true, true);
  CHECK(sent < 10);
  line.turns(60);
  CHECK(sent == 10);
  CHECK(line.engine.log.size() == 11);
}

TEST_CASE("The engine is called for its keepalive when nothing arrives") {
  UwsgiLine line(echo);
  const int before = line.engine.receives;
  line.pass(29s);
  CHECK(line.engine.receives == before);
  line.pass(2s);
  CHECK(line.engine.receives == before + 1);
}

TEST_CASE("Cancelling the request's fiber destroys the uWSGI view") {
  auto held = std::make_shared<int>();
  const std::weak_ptr<int> alive = held;
  UwsgiLine line([held](Websocket& ws) -> Task<> {
    const auto kept = held;
    static_cast<void>(co_await ws.recv());
  });
  held.reset();
  CHECK_FALSE(alive.expired());
  line.fiber->cancel();
  CHECK(alive.expired());
  CHECK(line.end == "cancelled");
  CHECK(line.loop.watch_count() == 0);
}

TEST_CASE("A second recv on a websocket of uWSGI is a ConcurrencyError") {
  bool refused = false;
  UwsgiLine line([&](Websocket& ws) -> Task<> {
    auto waiting = spawn([&]() -> Task<> { static_cast<void>(co_await ws.recv()); });
    co_await sleep(0);
    try {
      static_cast<void>(co_await ws.recv());
    } catch (const ConcurrencyError&) {
      refused = true;
    }
    co_await waiting;
  });
  line.turns();
  line.engine.text("x");
  line.turns();
  CHECK(refused);
}

TEST_CASE("The answer to a message leaves before the close that came with it is looked at") {
  UwsgiLine line(echo);
  line.engine.text("one");
  line.engine.text("two");
  line.engine.leave();
  line.turns();
  CHECK(line.engine.log == Events{"text:one", "text:two"});
  CHECK(line.end == "in order");
}

TEST_CASE("ping() of a websocket of uWSGI gives the time until its pong") {
  Duration took{};
  UwsgiLine line([&](Websocket& ws) -> Task<> { took = co_await ws.ping("hello"); });
  CHECK(line.engine.log == Events{"ping:hello"});
  line.pass(2s);
  line.engine.pong("hello");
  line.turns();
  CHECK(took == 2s);
  CHECK(line.end == "in order");
}

using Received = NativeWebsocket::Received;

TEST_CASE("What was valid before an end is answered before it, however long the answers") {
  for (const auto how : {Received::kClosing, Received::kViolation}) {
    UwsgiLine line(echo);
    line.engine.sends_park = true;
    const std::string long_text(70'000, 'x');
    line.engine.text(long_text);
    line.engine.text(long_text);
    line.engine.text("short");
    line.engine.end(how);
    line.turns(20);
    CHECK(line.engine.log == Events{"text:" + long_text, "text:" + long_text, "text:short"});
    CHECK(line.end == "in order");
  }
}

TEST_CASE("A violation waits for a view that is busy, a close frame for what it has not taken") {
  for (const auto how : {Received::kClosing, Received::kViolation}) {
    UwsgiLine line([](Websocket& ws) -> Task<> {
      while (const auto message = co_await ws.recv()) {
        co_await sleep(1);
        co_await ws.send(*message);
      }
    });
    line.engine.text("one");
    line.engine.text("two");
    line.engine.end(how);
    line.turns(10);
    CHECK(line.engine.log.empty());
    line.loop.advance(1s);
    line.turns(10);
    CHECK(line.engine.log == Events{"text:one"});
    line.loop.advance(1s);
    line.turns(10);
    CHECK((line.engine.log.size() == 2) == (how == Received::kViolation));
    line.loop.advance(1s);
    line.turns(10);
    CHECK(line.end == "in order");
  }
}

TEST_CASE("A view that asks for nothing is not waited for without end") {
  for (const auto how : {Received::kClosing, Received::kViolation}) {
    UwsgiLine line([](Websocket& ws) -> Task<> {
      for (;;) {
        co_await sleep(1);
        co_await ws.send("tick");
      }
    });
    line.engine.text("never read");
    line.engine.end(how);
    for (int i = 0; i < 9; ++i) {
      line.loop.advance(1s);
      line.turns(10);
    }
    CHECK(line.end.empty());
    for (int i = 0; i < 3; ++i) {
      line.loop.advance(1s);
      line.turns(10);
    }
    CHECK(line.end == "in order");
  }
}

TEST_CASE("A view that only sends is told of the client's close frame at once") {
  UwsgiLine line([](Websocket& ws) -> Task<> {
    for (;;) {
      co_await sleep(1);
      co_await ws.send("tick");
    }
  });
  line.engine.end(Received::kClosing);
  line.turns(10);
  line.loop.advance(1s);
  line.turns(10);
  CHECK(line.engine.log.empty());
  CHECK(line.end == "in order");
}

}  // namespace
}  // namespace aiopyr::websocket::testing

#include <catch2/catch.hpp>

#include "fake_native.h"
#include <aiopyr/runtime/async/event.h>
#include <aiopyr/runtime/async/fiber.h>
#include <aiopyr/runtime/async/sleep.h>
#include <aiopyr/websocket/native_session.h>

namespace aiopyr::websocket::testing {
namespace {

using namespace std::chrono_literals;

/// A request's fiber that serves one native websocket.
struct NativeLine : LoopWithLog {
  template <class View>
  explicit NativeLine(View view, bool use_str = true, bool sends_park = false) {
    native.sends_park = sends_park;
    fiber = &Fiber::start(loop, [this, use_str,
                                 handler = std::make_shared<std::unique_ptr<WebsocketHandler>>(
                                     handler_of(std::move(view)))] {
      try {
        const auto session =
            std::make_shared<NativeSession>(native, Opening{nullptr, std::move(*handler)}, use_str);
        const auto error = session->run();
        end = error ? aiopyr::describe(error) : "in order";
      } catch (const CancelledError&) {
        end = "cancelled";
      }
    });
    turns();
  }

  FakeNative native;
  std::string end;
  Fiber* fiber = nullptr;
};

TEST_CASE("The native echo keeps text as text and binary as binary, the empty ones too") {
  NativeLine line(echo);
  line.native.text("one");
  line.native.text("");
  line.native.binary("two");
  line.turns();
  CHECK(line.native.log == Events{"text:one", "text:", "binary:two"});
}

TEST_CASE("All messages of one readiness are delivered") {
  NativeLine line(echo);
  for (int i = 0; i < 500; ++i) line.native.text(std::to_string(i));
  line.turns(30);
  REQUIRE(line.native.log.size() == 500);
  CHECK(line.native.log[499] == "text:499");
}

TEST_CASE("use_str makes text str where it decodes, and switched off makes all bytes") {
  auto kinds = [](bool use_str) {
    NativeLine line(
        [](Websocket& ws) -> Task<> {
          while (auto message = co_await ws.recv()) {
            co_await ws.send(std::string(message->is_text() ? "str" : "bytes"));
            co_await ws.send(*message);
          }
        },
        use_str);
    line.native.text("ü");
    line.native.text("\xFF");
    line.native.binary("b");
    line.turns();
    return line.native.log;
  };
  CHECK(kinds(true) ==
        Events{"text:str", "text:ü", "text:bytes", "binary:\xFF", "text:bytes", "binary:b"});
  CHECK(kinds(false) ==
        Events{"text:bytes", "text:ü", "text:bytes", "binary:\xFF", "text:bytes", "binary:b"});
}

TEST_CASE("A native view that returns closes with 1000 behind what it has sent") {
  NativeLine line(
      [](Websocket& ws) -> Task<> {
        for (int i = 0; i < 3; ++i) co_await ws.send(std::to_string(i));
      },
      true, true);
  line.turns(20);
  CHECK(line.native.log == Events{"text:0", "text:1", "text:2", "close:1000:"});
  CHECK(line.end == "in order");
  CHECK(line.loop.watch_count() == 0);
}

TEST_CASE("A native view that throws closes with 1011 and ends the session with its exception") {
  NativeLine line([](Websocket& ws) -> Task<> {
    co_await ws.recv();
    throw std::runtime_error("it broke");
  });
  line.native.text("go");
  line.turns();
  CHECK(line.native.log == Events{"close:1011:"});
  CHECK(line.end.find("it broke") != std::string::npos);
}

TEST_CASE("A client that leaves ends recv with none, and sending is refused") {
  std::string note;
  NativeLine line([&](Websocket& ws) -> Task<> {
    while (co_await ws.recv()) {
    }
    try {
      co_await ws.send("too late");
    } catch (const ConnectionClosedOK&) {
      note = "closed";
    }
  });
  line.native.leave();
  line.turns();
  CHECK(note == "closed");
  CHECK(line.end == "in order");
  CHECK(line.native.log.empty());
}

TEST_CASE("A client that is gone when the session sends ends it") {
  NativeLine line([](Websocket& ws) -> Task<> {
    for (;;) {
      co_await ws.send(std::string(70'000, 'x'));
      co_await sleep(0);
    }
  });
  line.native.gone = true;
  line.turns(20);
  CHECK(line.end == "in order");
}

TEST_CASE("close() of a native websocket sends code and reason, and waits at most ten seconds") {
  bool closed = false;
  auto view = [&](Websocket& ws) -> Task<> {
    co_await ws.recv();
    co_await ws.close(3001, "enough");
    closed = true;
  };
  {
    NativeLine line(view);
    line.native.text("go");
    line.turns();
    CHECK(closed);
    CHECK(line.native.log == Events{"close:3001:enough"});
    CHECK(line.end == "in order");
  }
  closed = false;
  NativeLine line(view);
  line.native.answers_close = false;
  line.native.text("go");
  line.turns();
  CHECK_FALSE(closed);
  line.pass(11s);
  CHECK(closed);
  CHECK(line.end == "in order");
}

TEST_CASE("A native view that does not receive stops the reading") {
  Event go;
  int received = 0;
  NativeLine line([&](Websocket& ws) -> Task<> {
    co_await go.wait();
    while (co_await ws.recv()) ++received;
  });
  for (int i = 0; i < 100; ++i) line.native.text("x");
  line.turns(10);
  CHECK(line.native.receives <= 17);
  go.set();
  line.turns(60);
  CHECK(received == 100);
}

TEST_CASE("A native send suspends above the high-water mark and goes on") {
  int sent = 0;
  NativeLine line(
      [&](Websocket& ws) -> Task<> {
        for (; sent < 10; ++sent) co_await ws.send(std::string(50'000, 'x'));
      },
      true, true);
  CHECK(sent < 10);
  line.turns(60);
  CHECK(sent == 10);
  CHECK(line.native.log.size() == 11);
}

TEST_CASE("The engine is called for its keepalive when nothing arrives") {
  NativeLine line(echo);
  const int before = line.native.receives;
  line.pass(29s);
  CHECK(line.native.receives == before);
  line.pass(2s);
  CHECK(line.native.receives == before + 1);
}

TEST_CASE("Cancelling the request's fiber destroys the native view") {
  auto held = std::make_shared<int>();
  const std::weak_ptr<int> alive = held;
  NativeLine line([held](Websocket& ws) -> Task<> {
    const auto kept = held;
    co_await ws.recv();
  });
  held.reset();
  CHECK_FALSE(alive.expired());
  line.fiber->cancel();
  CHECK(alive.expired());
  CHECK(line.end == "cancelled");
  CHECK(line.loop.watch_count() == 0);
}

TEST_CASE("A second recv on a native websocket is a ConcurrencyError") {
  bool refused = false;
  NativeLine line([&](Websocket& ws) -> Task<> {
    auto waiting = spawn([&]() -> Task<> { co_await ws.recv(); });
    co_await sleep(0);
    try {
      co_await ws.recv();
    } catch (const ConcurrencyError&) {
      refused = true;
    }
    co_await waiting;
  });
  line.turns();
  line.native.text("x");
  line.turns();
  CHECK(refused);
}

TEST_CASE("The answer to a message leaves before the close that came with it is looked at") {
  NativeLine line(echo);
  line.native.text("one");
  line.native.text("two");
  line.native.leave();
  line.turns();
  CHECK(line.native.log == Events{"text:one", "text:two"});
  CHECK(line.end == "in order");
}

TEST_CASE("ping() of a native websocket gives the time until its pong") {
  Duration took{};
  NativeLine line([&](Websocket& ws) -> Task<> { took = co_await ws.ping("hello"); });
  CHECK(line.native.log == Events{"ping:hello"});
  line.pass(2s);
  line.native.pong("hello");
  line.turns();
  CHECK(took == 2s);
  CHECK(line.end == "in order");
}

}  // namespace
}  // namespace aiopyr::websocket::testing

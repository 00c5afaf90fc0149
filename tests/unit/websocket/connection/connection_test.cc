#include <catch2/catch.hpp>

#include "tests/unit/support/peer.h"
#include <aiopyr/runtime/async/tasks/wait_for.h>
#include <aiopyr/runtime/async/waits/event.h>
#include <aiopyr/runtime/async/waits/sleep.h>

namespace aiopyr::websocket::testing {
namespace {

Task<std::optional<Message>> receive(Websocket& ws) { co_return co_await ws.recv(); }

TEST_CASE("An echo keeps text as text and binary as binary") {
  Line line(echo);
  line.peer.text("grüße");
  line.peer.binary(bytes({0, 255}));
  line.peer.text("");
  line.turns();
  CHECK(line.peer.events() == Events{"text:grüße", "binary:" + bytes({0, 255}), "text:"});
}

TEST_CASE("A view sees what kind of message came") {
  Line line([](Websocket& ws) -> Task<> {
    while (auto message = co_await ws.recv()) {
      co_await ws.send((message->is_text() ? "str:" : "bytes:") + std::to_string(message->size()));
    }
  });
  line.peer.text("ü");
  line.peer.binary("abc");
  line.turns();
  CHECK(line.peer.events() == Events{"text:str:2", "text:bytes:3"});
}

TEST_CASE("A text that has come from the peer is not checked again, what is made of it is") {
  Line line([](Websocket& ws) -> Task<> {
    auto message = co_await ws.recv();
    CHECK(message->is_checked());
    CHECK_FALSE(Message(message->str()).is_checked());
    static_cast<void>(std::move(*message).str());
    CHECK_FALSE(message->is_checked());
    CHECK_THROWS_AS(ws.send(Message("\xFF")), Error);
    co_return;
  });
  line.peer.text("hi");
  line.turns();
}

TEST_CASE("With use_bytes text arrives as bytes and still goes back as text") {
  bool was_text = true;
  Line line(
      [&](Websocket& ws) -> Task<> {
        auto message = co_await ws.recv();
        was_text = message->is_text();
        co_await ws.send(*message);
      },
      {}, true);
  line.peer.text("hi");
  line.turns();
  CHECK_FALSE(was_text);
  CHECK(line.peer.events().at(0) == "text:hi");
}

TEST_CASE("A message that comes in pieces is delivered when it is whole") {
  Line line(echo);
  const auto bytes = frame(0x01, "one ") + frame(0x89, "p") + frame(0x80, "two");
  for (const char byte : bytes) {
    line.peer.send({&byte, 1});
    line.turns(1);
  }
  CHECK(line.peer.events() == Events{"pong:p", "text:one two"});
}

TEST_CASE("What came behind the request's head is read before the stream") {
  LoopWithLog server;
  const auto fds = make_socketpair();
  Peer peer(fds[1]);
  Connection::open({.transport = std::make_unique<SocketTransport>(fds[0]),
                    .leftover = frame(0x81, "first") + frame(0x81, "sec").substr(0, 4),
                    .endpoint = std::make_shared<const Endpoint>(),
                    .handler = handler_of(echo)});
  peer.send(frame(0x81, "sec").substr(4));
  server.turns();
  CHECK(peer.events() == Events{"text:first", "text:sec"});
}

TEST_CASE("A ping is answered with its payload while the view is busy") {
  Event never;
  Line line([&](Websocket&) -> Task<> { co_await never.wait(); });
  line.peer.text("unread");
  line.peer.ping("are you there?");
  line.turns();
  CHECK(line.peer.events() == Events{"pong:are you there?"});
}

TEST_CASE("A second recv at the same time is a ConcurrencyError and leaves the first one waiting") {
  std::string first = "none";
  std::string second = "none";
  Line line([&](Websocket& ws) -> Task<> {
    auto waiting = spawn([&]() -> Task<> { first = (co_await ws.recv())->str(); });
    co_await sleep(0);
    try {
      static_cast<void>(co_await ws.recv());
    } catch (const ConcurrencyError& error) {
      second = error.what();
    }
    co_await waiting;
  });
  line.turns();
  line.peer.text("for the first");
  line.turns();
  CHECK(first == "for the first");
  CHECK(second.find("another coroutine waits") != std::string::npos);
}

TEST_CASE("A recv that is cancelled loses nothing") {
  std::vector<std::string> seen;
  Line line([&](Websocket& ws) -> Task<> {
    try {
      co_await wait_for(receive(ws), 1.0);
    } catch (const TimeoutError&) {
      seen.emplace_back("timeout");
    }
    while (auto message = co_await ws.recv()) seen.push_back(message->str());
  });
  line.pass(std::chrono::seconds(2));
  line.peer.text("one");
  line.peer.text("two");
  line.turns();
  CHECK(seen == std::vector<std::string>{"timeout", "one", "two"});
}

TEST_CASE("A text that is not UTF-8 is not sent, and the error says what to do") {
  std::string error;
  Line line([&](Websocket& ws) -> Task<> {
    try {
      co_await ws.send("\xFF");
    } catch (const Error& thrown) {
      error = thrown.what();
    }
    co_await ws.send(Message::binary("\xFF"));
  });
  CHECK(error.find("Message::binary") != std::string::npos);
  line.turns();
  CHECK(line.peer.events().at(0) == "binary:\xFF");
}

TEST_CASE("Messages of several coroutines leave whole and in the order of the calls") {
  Line line([](Websocket& ws) -> Task<> {
    auto one = spawn([&]() -> Task<> {
      for (int i = 0; i < 3; ++i) co_await ws.send(std::string(100'000, 'a'));
    });
    auto two = spawn([&]() -> Task<> {
      for (int i = 0; i < 3; ++i) co_await ws.send(std::string(100'000, 'b'));
    });
    co_await one;
    co_await two;
  });
  Events events;
  for (int i = 0; i < 100; ++i) {
    line.turns();
    for (auto& event : line.peer.events()) events.push_back(event);
  }
  REQUIRE(events.size() == 7);
  int letters = 0;
  for (int i = 0; i < 6; ++i) {
    CHECK(events[i].size() == 100'005);
    CHECK(events[i].find_first_not_of(events[i][5], 5) == std::string::npos);
    letters += events[i][5];
  }
  CHECK(letters == 3 * 'a' + 3 * 'b');
}

TEST_CASE("An idle connection is small and holds no buffers") {
  Line line(echo);
  line.peer.text(std::string(50'000, 'x'));
  line.turns();
  CHECK(line.peer.events().size() == 1);
  line.turns();
  CHECK(line.connection.lock()->buffered() == 0);
  CHECK(sizeof(Connection) < 1024);
}

TEST_CASE("The connections of a loop are listed as long as they live") {
  auto& all = Connections::of_this_thread();
  CHECK(all.count() == 0);
  {
    Line line(echo);
    CHECK(all.count() == 1);
    all.for_each([](Websocket& websocket) { static_cast<void>(websocket.close(1001, "reload")); });
    line.turns();
    CHECK(line.peer.events() == Events{"close:1001:reload"});
  }
  CHECK(all.count() == 0);
}

}  // namespace
}  // namespace aiopyr::websocket::testing

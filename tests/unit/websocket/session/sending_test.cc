#include <catch2/catch.hpp>

#include "tests/unit/support/peer.h"
#include <aiopyr/runtime/async/waits/event.h>
#include <aiopyr/runtime/async/waits/sleep.h>
#include <aiopyr/websocket/session/fragmented_send.h>

namespace aiopyr::websocket::testing {
namespace {

using namespace std::chrono_literals;

/// Returns the frames in a server's stream, one line each: opcode, FIN, payload.
std::vector<std::string> frames_of(std::string stream) {
  std::vector<std::string> frames;
  auto input = std::as_writable_bytes(std::span(stream));
  while (!input.empty()) {
    const auto head = decode_header(input);
    if (!head.complete) break;
    const auto size = static_cast<std::size_t>(head.header.length);
    frames.push_back(std::to_string(static_cast<int>(head.header.opcode)) +
                     (head.header.fin ? " fin " : " ... ") +
                     std::string(reinterpret_cast<const char*>(input.data()) + head.size, size));
    input = input.subspan(head.size + size);
  }
  return frames;
}

using Frames = std::vector<std::string>;

/// Replaces an initializer list, which g++ 12 does not accept inside a coroutine.
template <class... Texts>
std::vector<std::string> pieces(Texts... texts) {
  return {texts...};
}

/// Sends until the output is full, as the peer does not read.
Task<> fill(Websocket& ws) {
  while (ws.try_send(Message(std::string(30'000, 'x'))) == SendStatus::kQueued) {
  }
  co_return;
}

Events read_all(Line& line) {
  Events all;
  for (int i = 0; i < 50; ++i) {
    for (auto& event : line.peer.events()) all.push_back(event.substr(0, 20));
    line.turns(2);
  }
  return all;
}

TEST_CASE("try_send sends what fits, and says when it does not or the end has come") {
  std::vector<SendStatus> seen;
  Line line([&](Websocket& ws) -> Task<> {
    seen.push_back(ws.try_send("first"));
    co_await fill(ws);
    seen.push_back(ws.try_send("too much"));
    static_cast<void>(ws.close());
    seen.push_back(ws.try_send("too late"));
  });
  CHECK(seen == std::vector{SendStatus::kQueued, SendStatus::kFull, SendStatus::kClosed});
  const auto events = read_all(line);
  CHECK(events.front() == "text:first");
  CHECK(events.back() == "close:1000:");
}

TEST_CASE("A message is sent in pieces as a range gives them") {
  Line line([](Websocket& ws) -> Task<> {
    co_await ws.send_fragments(MessageKind::kText, pieces("one ", "two ", "three"));
    co_await ws.send_fragments(MessageKind::kBinary, pieces("\xFF"));
  });
  CHECK(line.peer.events() == Events{"text:one two three", "binary:\xFF", "close:1000:"});
}

TEST_CASE("Each piece leaves as soon as a coroutine gives it") {
  Line line([](Websocket& ws) -> Task<> {
    int count = 0;
    auto next = [&count]() -> Task<std::optional<std::string>> {
      co_await sleep(1.0);
      if (count == 3) co_return std::nullopt;
      co_return std::to_string(++count);
    };
    co_await ws.send_fragments(MessageKind::kText, next);
  });
  std::string stream;
  std::vector<std::size_t> frames;
  for (int i = 0; i < 4; ++i) {
    line.pass(1s);
    stream += line.peer.bytes();
    frames.push_back(frames_of(stream).size());
  }
  CHECK(frames == std::vector<std::size_t>{1, 2, 3, 5});
  CHECK(frames_of(stream) ==
        Frames{"1 ... 1", "0 ... 2", "0 ... 3", "0 fin ", std::string("8 fin \x03\xE8")});
}

TEST_CASE("A message of no pieces is no message") {
  Line line(
      [](Websocket& ws) -> Task<> { co_await ws.send_fragments(MessageKind::kText, pieces()); });
  CHECK(line.peer.events() == Events{"close:1000:"});
}

TEST_CASE("Other messages wait until one in pieces has ended, pings and pongs do not") {
  Event go;
  Line line([&](Websocket& ws) -> Task<> {
    auto sender = spawn([&]() -> Task<> {
      int count = 0;
      co_await ws.send_fragments(MessageKind::kText, [&]() -> Task<std::optional<std::string>> {
        if (count == 1) co_await go.wait();
        if (count == 2) co_return std::nullopt;
        co_return std::to_string(++count);
      });
    });
    co_await sleep(1.0);
    auto other = spawn([&]() -> Task<> { co_await ws.send("other"); });
    auto more = spawn(
        [&]() -> Task<> { co_await ws.send_fragments(MessageKind::kBinary, pieces("more")); });
    CHECK(ws.try_send("no room") == SendStatus::kFull);
    co_await sleep(1.0);
    auto pong = ws.ping("p");
    go.set();
    co_await sender;
    co_await other;
    co_await more;
  });
  line.pass(1s);
  line.pass(1s);
  line.peer.ping("q");
  line.turns();
  CHECK(line.peer.events() ==
        Events{"ping:p", "text:12", "text:other", "binary:more", "close:1000:"});
}

TEST_CASE("A source that throws midway closes the connection, as the message cannot be completed") {
  std::string note;
  Line line([&](Websocket& ws) -> Task<> {
    int count = 0;
    try {
      co_await ws.send_fragments(MessageKind::kText, [&]() -> Task<std::optional<std::string>> {
        if (++count == 2) throw std::runtime_error("no more");
        co_return "begun";
      });
    } catch (const std::runtime_error& error) {
      note = error.what();
    }
  });
  CHECK(note == "no more");
  CHECK(line.peer.events() == Events{"close:1011:a message was cut short"});
}

TEST_CASE("A source that throws before its first piece has sent nothing") {
  Line line([](Websocket& ws) -> Task<> {
    try {
      co_await ws.send_fragments(MessageKind::kText, []() -> Task<std::optional<std::string>> {
        throw std::runtime_error("nothing");
        co_return std::nullopt;
      });
    } catch (const std::runtime_error&) {
    }
    co_await ws.send("still open");
  });
  CHECK(line.peer.events() == Events{"text:still open", "close:1000:"});
}

TEST_CASE("A message in pieces that is cancelled closes the connection") {
  Line line([](Websocket& ws) -> Task<> {
    auto sender = spawn([&]() -> Task<> {
      bool first = true;
      co_await ws.send_fragments(MessageKind::kText, [&]() -> Task<std::optional<std::string>> {
        if (!std::exchange(first, false)) co_await sleep(100);
        co_return "begun";
      });
    });
    co_await sleep(1.0);
    auto waits = ws.send("behind");
    sender.cancel();
    co_await sleep(1.0);
  });
  line.pass(1s);
  line.pass(1s);
  CHECK(line.peer.events() == Events{"close:1011:a message was cut short"});
}

TEST_CASE("A text in pieces may be cut within a character, but has to be one") {
  std::string note;
  Line line([&](Websocket& ws) -> Task<> {
    co_await ws.send_fragments(MessageKind::kText, pieces("\xC3", "\xA9"));
    try {
      co_await ws.send_fragments(MessageKind::kText, pieces("ok", "\xC3"));
    } catch (const Error& error) {
      note = error.what();
    }
  });
  CHECK(note.find("within a character") != std::string::npos);
  CHECK(line.peer.events() == Events{"text:\xC3\xA9", "close:1011:a message was cut short"});
}

TEST_CASE("Pieces wait for a peer that does not read, in bounded memory") {
  int given = 0;
  Line line([&](Websocket& ws) -> Task<> {
    co_await ws.send_fragments(MessageKind::kBinary, [&]() -> Task<std::optional<std::string>> {
      if (given == 100) co_return std::nullopt;
      ++given;
      co_return std::string(30'000, 'x');
    });
  });
  line.turns(20);
  CHECK(given < 50);
  CHECK(line.connection.lock()->buffered() <= 64 * 1024 + 30'014);
  const auto events = read_all(line);
  CHECK(given == 100);
  REQUIRE(events.size() == 2);
  CHECK(events[1] == "close:1000:");
}

TEST_CASE("A message in pieces whose peer vanishes throws ConnectionClosed") {
  std::string note;
  Line line([&](Websocket& ws) -> Task<> {
    try {
      co_await ws.send_fragments(MessageKind::kBinary, []() -> Task<std::optional<std::string>> {
        co_return std::string(30'000, 'x');
      });
    } catch (const ConnectionClosed& closed) {
      note = std::to_string(closed.code());
    }
  });
  line.turns(20);
  line.peer.vanish();
  line.turns();
  CHECK(note == "1006");
  CHECK(line.connection.expired());
}

TEST_CASE("Messages behind a full output leave in the order of the calls, and before the close") {
  Line line([](Websocket& ws) -> Task<> {
    co_await fill(ws);
    auto first = ws.send("first");
    auto second = ws.send("second");
    static_cast<void>(ws.close(3000, "done"));
    co_await second;
  });
  const auto events = read_all(line);
  REQUIRE(events.size() > 3);
  CHECK(Events(events.end() - 3, events.end()) ==
        Events{"text:first", "text:second", "close:3000:done"});
}

}  // namespace
}  // namespace aiopyr::websocket::testing

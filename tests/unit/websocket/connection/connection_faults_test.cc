#include <catch2/catch.hpp>

#include "tests/unit/support/scripted_transport.h"
#include <aiopyr/runtime/async/waits/sleep.h>

namespace aiopyr::websocket::testing {
namespace {

std::string conversation() {
  return frame(0x81, "one") + frame(0x89, "p") + frame(0x02, "tw") + frame(0x80, "o") +
         frame(0x82, std::string(300, 'b')) + frame(0x88, "\x03\xE8");
}

Events replies() {
  return {"text:one", "pong:p", "binary:two", "binary:" + std::string(300, 'b'), "close:1000:"};
}

std::shared_ptr<Script> make_script(std::string input) {
  auto script = std::make_shared<Script>();
  script->input = std::move(input);
  return script;
}

TEST_CASE("The replies are the same however input and output are cut") {
  const std::size_t read_size = GENERATE(range<std::size_t>(1, 40));
  const std::size_t write_size = GENERATE(1, 2, 7, 65536);
  const auto script = make_script(conversation());
  script->read_size = read_size;
  script->write_size = write_size;
  LoopWithLog server;
  const auto connection = open(script, echo);
  for (int i = 0; i < 2000 && !connection.expired(); ++i) server.turns(1);
  CHECK(events_of(script->output) == replies());
  CHECK(script->said_end);
  CHECK(script->destroyed);
  CHECK(connection.expired());
}

TEST_CASE("A stream that hesitates, or that wants the other direction first, changes nothing") {
  const auto script = make_script(conversation());
  script->hesitates = true;
  script->crosses = GENERATE(false, true);
  script->read_size = GENERATE(1, 5, 65536);
  script->write_size = GENERATE(1, 65536);
  LoopWithLog server;
  const auto connection = open(script, echo);
  for (int i = 0; i < 5000 && !connection.expired(); ++i) server.turns(1);
  CHECK(events_of(script->output) == replies());
  CHECK(connection.expired());
}

TEST_CASE("Whichever call breaks the stream, the view ends and nothing is left") {
  auto view = [](Websocket& ws) -> Task<> {
    co_await ws.send(std::string(100'000, 'h'));
    while (auto message = co_await ws.recv()) {
      if (message->is_binary()) co_await sleep(0);
      co_await ws.send(*message);
    }
  };
  bool failed = true;
  for (int fails_at = 0; failed; ++fails_at) {
    const auto script = make_script(conversation());
    script->read_size = 50;
    script->write_size = 20'000;
    script->fails_at = fails_at;
    LoopWithLog server;
    const auto connection = open(script, view);
    for (int i = 0; i < 500 && !connection.expired(); ++i) server.turns(1);
    CHECK(connection.expired());
    CHECK(script->destroyed);
    CHECK(server.loop.watch_count() == 0);
    failed = script->calls > fails_at;
    REQUIRE(fails_at < 100);
  }
}

TEST_CASE("What handlers send while one read is handled leaves in one write") {
  std::string input;
  for (int i = 0; i < 500; ++i) input += frame(0x81, "message");
  const auto script = make_script(input);
  script->ends = false;
  LoopWithLog server;
  const auto connection = open(script, echo);
  server.turns();
  CHECK(script->writes == 1);
  CHECK(events_of(script->output).size() == 500);
}

/// Connections that get the same message, so many times, in the same turn. Each records how many of
/// all have been answered when it answers.
struct Crowd {
  Crowd(int size, const std::string& text, std::size_t count = 1) {
    const auto view = [this](Websocket& ws) -> Task<> {
      while (auto message = co_await ws.recv()) {
        answered_before.push_back(writes());
        co_await ws.send(*message);
      }
    };
    for (int i = 0; i < size; ++i) {
      scripts.push_back(make_script(""));
      scripts.back()->ends = false;
      connections.push_back(open(scripts.back(), view));
    }
    server.turns();
    for (auto& script : scripts) {
      for (std::size_t i = 0; i < count; ++i) script->input += frame(0x81, text);
    }
    server.turns(1);
  }

  [[nodiscard]] int writes() const {
    int writes = 0;
    for (const auto& script : scripts) writes += script->writes;
    return writes;
  }

  std::vector<std::shared_ptr<Script>> scripts;
  std::vector<int> answered_before;
  LoopWithLog server;
  std::vector<std::weak_ptr<Connection>> connections;
};

TEST_CASE("The answers to what comes in one turn leave behind it, within the turn") {
  const Crowd crowd(3, "hello");
  CHECK(crowd.answered_before == std::vector{0, 0, 0});
  for (const auto& script : crowd.scripts) {
    CHECK(events_of(script->output) == Events{"text:hello"});
    CHECK(script->writes == 1);
  }
}

TEST_CASE("Of many answers the first do not wait for the last") {
  const Crowd crowd(20, "hello");
  REQUIRE(crowd.answered_before.size() == 20);
  CHECK(crowd.answered_before[15] == 0);
  CHECK(crowd.answered_before[16] == 16);
  CHECK(crowd.writes() == 20);
}

TEST_CASE("A long answer leaves at once, and so do many that are long together") {
  const std::size_t count = GENERATE(1, 3);
  const Crowd crowd(3, std::string(30'000 / count, 'l'), count);
  const int all = static_cast<int>(count);
  REQUIRE(crowd.answered_before.size() == 3 * count);
  CHECK(crowd.answered_before[count] == 1);
  CHECK(crowd.answered_before[2 * count] == 2);
  CHECK(crowd.answered_before.back() <= 2 + all);
}

TEST_CASE("Answers and the answer to a close leave before a deadline that is due at once") {
  const auto script = make_script("");
  script->ends = false;
  Endpoint endpoint;
  endpoint.close_timeout = Duration::zero();
  LoopWithLog server;
  const auto connection =
      Connection::open({.transport = std::make_unique<ScriptedTransport>(script),
                        .endpoint = std::make_shared<const Endpoint>(endpoint),
                        .handler = handler_of(echo)});
  server.turns();
  script->input = frame(0x81, "hello") + frame(0x88, "\x03\xE8");
  server.turns();
  CHECK(events_of(script->output) == Events{"text:hello", "close:1000:"});
}

TEST_CASE("A connection that the view has cancelled in the next step has sent its answer") {
  const auto script = make_script("");
  script->ends = false;
  LoopWithLog server;
  std::weak_ptr<Connection> connection;
  connection = open(script, [&](Websocket& ws) -> Task<> {
    static_cast<void>(co_await ws.recv());
    co_await ws.send("sent");
    server.loop.call_soon([&] { connection.lock()->cancel_now(); });
    static_cast<void>(co_await ws.recv());
  });
  server.turns();
  script->input = frame(0x81, "hello");
  server.turns();
  CHECK(connection.expired());
  CHECK(events_of(script->output) == Events{"text:sent"});
}

TEST_CASE("Output that finds no room in the batch leaves when there is some") {
  const auto script = make_script("");
  script->ends = false;
  LoopWithLog server;
  const auto connection = open(script, echo);
  server.turns();
  script->full = 3;
  script->input = frame(0x81, "hello") + frame(0x81, "world");
  server.turns(3);
  CHECK(script->output.empty());
  server.turns(1);
  CHECK(events_of(script->output) == Events{"text:hello", "text:world"});
  CHECK(connection.lock()->buffered() == 0);
}

TEST_CASE("A large payload is written from where it is, behind what was queued before") {
  const auto script = make_script("");
  script->ends = false;
  LoopWithLog server;
  const auto connection = open(script, [](Websocket& ws) -> Task<> {
    co_await ws.send("small");
    co_await ws.send(std::string(20'000, 'l'));
    static_cast<void>(co_await ws.recv());
  });
  server.turns();
  CHECK(script->writes == 1);
  CHECK(events_of(script->output) == Events{"text:small", "text:" + std::string(20'000, 'l')});
}

}  // namespace
}  // namespace aiopyr::websocket::testing

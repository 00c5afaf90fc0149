#include <memory>
#include <random>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/unit/support/redis_replies.h"
#include "tests/unit/support/redis_server.h"
#include "tests/unit/support/scripted_transport.h"
#include "tests/unit/support/turns.h"
#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/async/tasks/spawn.h>
#include <aiopyr/runtime/async/waits/sleep.h>

using namespace aiopyr;
using namespace aiopyr::redis;
using aiopyr::redis::detail::Connection;
using aiopyr::redis::detail::ConnectionSettings;
using aiopyr::redis::detail::SingleOperation;
using aiopyr::redis::testing::FakeServer;

namespace {

/// Asks and shows the answer, or the error with what it says about trying again.
Task<std::string> ask(std::shared_ptr<Connection> connection, Command command) {
  auto operation = std::make_shared<SingleOperation>(command.name());
  connection->send(operation, {&command, 1});
  auto answer = clients::wait<Value>(std::move(operation));
  std::string shown;
  try {
    const Value reply = co_await answer;
    shown = aiopyr::redis::testing::shown(reply);
  } catch (const ClientTimeoutError& error) {
    shown = "timeout";
  } catch (const ClientError& error) {
    shown = std::string(error.retry() == Retry::kSafe ? "safe " : "unsafe ") + error.what();
  }
  co_return shown;
}

/// A loop, a server and a connection to it.
struct Connected {
  Connected() = default;
  explicit Connected(ConnectionSettings settings)
      : connection(std::make_shared<Connection>(
            loop, std::make_shared<const ConnectionSettings>(std::move(settings)))) {}
  ~Connected() {
    if (connection) connection->close("the test has ended");
    take_turns(loop);
  }

  /// Makes the connection with changed settings.
  template <class F>
  void connect(F change) {
    ConnectionSettings settings = server.settings();
    change(settings);
    connection = std::make_shared<Connection>(
        loop, std::make_shared<const ConnectionSettings>(std::move(settings)));
  }
  void connect() {
    connect([](ConnectionSettings&) {});
  }
  TaskHandle<std::string> begin(Command command) {
    return spawn(ask(connection, std::move(command)));
  }
  void turns(int count = 6) { take_turns(loop, count); }

  TestLoop loop;
  FakeServer server;
  std::shared_ptr<Connection> connection;
};

constexpr std::string_view kPing = "*1\r\n$4\r\nPING\r\n";

}  // namespace

TEST_CASE("the commands of a turn leave in one write, and each gets its own answer", "[redis]") {
  Connected test;
  test.connect();
  auto warm = test.begin(Command("PING"));
  test.turns();
  CHECK(test.server.take() == kPing);
  test.server.say("+PONG\r\n");
  test.turns();
  CHECK(warm.result() == "+PONG");
  test.server.reads = 0;
  auto a = test.begin(Command("GET", "a"));
  auto b = test.begin(Command("GET", "b"));
  auto c = test.begin(Command("GET", "c"));
  test.turns();
  CHECK(test.server.take().size() == 3 * std::string_view("*2\r\n$3\r\nGET\r\n$1\r\na\r\n").size());
  CHECK(test.server.reads == 1);
  test.server.say("$1\r\n1\r\n$1\r\n2\r\n$-1\r\n");
  test.turns();
  CHECK(a.result() == "\"1\"");
  CHECK(b.result() == "\"2\"");
  CHECK(c.result() == "null");
}

TEST_CASE("an answer may be cut at every byte", "[redis]") {
  const std::string answer = "*3\r\n$3\r\na\r\n\r\n:5\r\n$-1\r\n";
  for (std::size_t cut = 1; cut < answer.size(); ++cut) {
    Connected test;
    test.connect();
    auto asked = test.begin(Command("LRANGE", "l", 0, -1));
    test.turns();
    test.server.say(std::string_view(answer).substr(0, cut));
    test.turns();
    CHECK_FALSE(asked.is_done());
    test.server.say(std::string_view(answer).substr(cut));
    test.turns();
    CHECK(asked.result() == "[\"a\r\n\" 5 null]");
  }
}

TEST_CASE("a coroutine may be destroyed at any turn, and the others get their own answers",
          "[redis]") {
  for (int turns = 0; turns < 10; ++turns) {
    CAPTURE(turns);
    Connected test;
    test.connect();
    auto gone = test.begin(Command("GET", "a"));
    auto stays = test.begin(Command("GET", "b"));
    test.turns(turns);
    gone.cancel();
    test.turns();
    // Cancelled before it was started, it has sent nothing.
    const bool was_sent = test.server.take().find("$1\r\na\r\n") != std::string::npos;
    test.server.say(was_sent ? "$1\r\n1\r\n$1\r\n2\r\n" : "$1\r\n2\r\n");
    test.turns();
    CHECK(stays.result() == "\"2\"");
    CHECK(test.connection->pending() == 0);
  }
}

TEST_CASE("the handshake logs in by one command, before all others", "[redis]") {
  Connected test;
  test.connect([](ConnectionSettings& settings) {
    settings.protocol = 3;
    settings.password = "pw";
    settings.client_name = "me";
    settings.database = 2;
  });
  auto asked = test.begin(Command("PING"));
  test.turns();
  CHECK(test.server.take() ==
        "*7\r\n$5\r\nHELLO\r\n$1\r\n3\r\n$4\r\nAUTH\r\n$7\r\ndefault\r\n$2\r\npw\r\n"
        "$7\r\nSETNAME\r\n$2\r\nme\r\n");
  test.server.say("%1\r\n+proto\r\n:3\r\n");
  test.turns();
  CHECK(test.server.take() == "*2\r\n$6\r\nSELECT\r\n$1\r\n2\r\n");
  test.server.say("+OK\r\n");
  test.turns();
  CHECK(test.server.take() == kPing);
  test.server.say("+PONG\r\n");
  test.turns();
  CHECK(asked.result() == "+PONG");
}

TEST_CASE("a server that knows no HELLO is logged in to as of old", "[redis]") {
  Connected test;
  test.connect([](ConnectionSettings& settings) {
    settings.protocol = 3;
    settings.password = "pw";
    settings.client_name = "me";
  });
  auto asked = test.begin(Command("PING"));
  test.turns();
  CHECK(test.server.take().starts_with("*7\r\n$5\r\nHELLO"));
  test.server.say("-ERR unknown command `HELLO`, with args beginning with: `3`\r\n");
  test.turns();
  CHECK(test.server.take() == "*2\r\n$4\r\nAUTH\r\n$2\r\npw\r\n");
  test.server.say("+OK\r\n");
  test.turns();
  CHECK(test.server.take() == "*3\r\n$6\r\nCLIENT\r\n$7\r\nSETNAME\r\n$2\r\nme\r\n");
  test.server.say("+OK\r\n");
  test.turns();
  CHECK(test.server.take() == kPing);
}

TEST_CASE("an answer that is late closes the connection, and only the first is to blame",
          "[redis]") {
  Connected test;
  test.connect();
  auto first = test.begin(Command("GET", "a"));
  auto second = test.begin(Command("GET", "b"));
  test.turns();
  static_cast<void>(test.server.take());
  test.loop.run_once(true);  // to the next deadline
  test.turns();
  CHECK(first.result() == "timeout");
  CHECK(second.result() == "unsafe redis redis://fake: GET: the server has not answered in time");
  CHECK(test.server.is_left());
  // The next command makes a new connection.
  auto third = test.begin(Command("GET", "c"));
  test.turns();
  CHECK(test.server.accepted == 2);
  test.server.say("$1\r\n3\r\n");
  test.turns();
  CHECK(third.result() == "\"3\"");
}

TEST_CASE("what the protocol does not allow closes the connection, and nothing else", "[redis]") {
  for (const std::string_view garbage : {"HTTP/1.1 400\r\n", "*99999999999\r\n", "$5\r\nabcdefg"}) {
    Connected test;
    test.connect();
    auto asked = test.begin(Command("GET", "a"));
    test.turns();
    test.server.say(garbage);
    test.turns();
    CHECK(asked.result().starts_with("unsafe redis redis://fake: GET: a reply "));
    auto again = test.begin(Command("GET", "a"));
    test.turns();
    test.server.say("_\r\n");
    test.turns();
    CHECK(again.result() == "null");
  }
}

TEST_CASE("an answer that nobody asked for closes the connection", "[redis]") {
  Connected test;
  test.connect();
  auto asked = test.begin(Command("PING"));
  test.turns();
  test.server.say("+PONG\r\n+PONG\r\n");
  test.turns();
  CHECK(asked.result() == "+PONG");
  CHECK(test.server.is_left() == false);  // a PING is unread
  static_cast<void>(test.server.take());
  CHECK(test.server.is_left());
}

TEST_CASE("while the server is away commands fail at once, until it is found again", "[redis]") {
  Connected test;
  test.connect();
  test.server.is_there = false;
  auto first = test.begin(Command("PING"));
  test.turns();
  CHECK(first.result() == "safe redis redis://fake: PING: nobody listens");
  auto second = test.begin(Command("PING"));
  test.turns();
  CHECK(second.result() == "safe redis redis://fake: PING: the server is away: nobody listens");
  test.server.is_there = true;
  while (!test.connection->is_ready()) test.loop.run_once(true);
  auto third = test.begin(Command("PING"));
  test.turns();
  test.server.say("+PONG\r\n");
  test.turns();
  CHECK(third.result() == "+PONG");
  CHECK(test.server.figures.connect_failures.value() == 1);
}

TEST_CASE("a broken connection says whether a command may have been done", "[redis]") {
  Connected test;
  test.connect();
  auto sent = test.begin(Command("INCR", "a"));
  test.turns();
  test.server.hang_up();
  test.turns();
  CHECK(sent.result().starts_with("unsafe redis redis://fake: INCR: "));
}

TEST_CASE("too many commands without an answer are refused", "[redis]") {
  Connected test;
  test.connect([](ConnectionSettings& settings) { settings.max_pending = 2; });
  auto first = test.begin(Command("GET", "a"));
  auto second = test.begin(Command("GET", "b"));
  auto third = test.begin(Command("GET", "c"));
  test.turns();
  CHECK(third.result().starts_with("safe redis redis://fake: GET: too many commands"));
  test.server.say("_\r\n_\r\n");
  test.turns();
  CHECK(first.result() == "null");
}

TEST_CASE("an idle connection is asked whether its server is there", "[redis]") {
  Connected test;
  test.connect();
  auto asked = test.begin(Command("GET", "a"));
  test.turns();
  test.server.say("_\r\n");
  test.turns();
  static_cast<void>(test.server.take());
  std::string said;
  for (int i = 0; i < 10 && said.empty(); ++i) {
    test.loop.run_once(true);
    test.turns();
    said = test.server.take();
  }
  CHECK(said == kPing);
}

TEST_CASE("closing fails what waits", "[redis]") {
  Connected test;
  test.connect();
  auto sent = test.begin(Command("GET", "a"));
  test.turns();
  test.connection->close("the client was destroyed");
  auto after = test.begin(Command("GET", "b"));
  test.turns();
  CHECK(sent.result() == "unsafe redis redis://fake: GET: the client was destroyed");
  CHECK(after.result() == "safe redis redis://fake: GET: the client is closed");
  CHECK(test.server.figures.connections.value() == 0);
}

TEST_CASE("each read and write may fail, and each command ends", "[redis]") {
  for (int fails_at = 0; fails_at < 12; ++fails_at) {
    CAPTURE(fails_at);
    auto script = std::make_shared<aiopyr::websocket::testing::Script>();
    script->fails_at = fails_at;
    script->ends = false;
    script->write_size = 5;
    script->read_size = 4;
    Connected test;
    test.connect([&](ConnectionSettings& settings) {
      settings.connect = [script](Duration) -> Task<std::unique_ptr<Transport>> {
        std::unique_ptr<Transport> stream =
            std::make_unique<aiopyr::websocket::testing::ScriptedTransport>(script);
        co_return std::move(stream);
      };
    });
    auto asked = test.begin(Command("GET", "key"));
    test.turns(2);
    script->input = "$5\r\nvalue\r\n";
    test.turns(30);
    REQUIRE(asked.is_done());
    const std::string answer = asked.result();
    CHECK((answer == "\"value\"" || answer.find("redis redis://fake: GET: cannot") == 0 ||
           answer.find(" redis redis://fake: GET: cannot ") != std::string::npos));
  }
}

TEST_CASE("random cancellations never give anyone another's answer", "[redis]") {
  Connected test;
  test.connect();
  std::mt19937 random(9);
  std::vector<std::pair<int, TaskHandle<std::string>>> running;
  std::string unread;
  int next = 0;
  int right = 0;
  const auto serve = [&] {
    unread += test.server.take();
    // Each command is "*2\r\n$4\r\nECHO\r\n$N\r\ndigits\r\n".
    for (;;) {
      const std::size_t at = unread.find("ECHO\r\n$");
      const std::size_t line = at == std::string::npos ? at : unread.find("\r\n", at + 7);
      const std::size_t end = line == std::string::npos ? line : unread.find("\r\n", line + 2);
      if (end == std::string::npos) return;
      const std::string word = unread.substr(line + 2, end - line - 2);
      test.server.say("$" + std::to_string(word.size()) + "\r\n" + word + "\r\n");
      unread.erase(0, end + 2);
    }
  };
  while (next < 10'000) {
    for (unsigned i = random() % 8; i > 0; --i, ++next) {
      running.emplace_back(next, test.begin(Command("ECHO", next)));
    }
    if (!running.empty() && random() % 3 == 0) running[random() % running.size()].second.cancel();
    test.turns(1);
    if (random() % 2 == 0) serve();
    std::erase_if(running, [&](auto& each) {
      if (!each.second.is_done()) return false;
      if (each.second.is_cancelled()) return true;
      REQUIRE(each.second.result() == "\"" + std::to_string(each.first) + "\"");
      ++right;
      return true;
    });
  }
  CHECK(right > 5'000);
}

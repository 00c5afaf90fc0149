#include <chrono>
#include <string>
#include <zlib.h>

#include <catch2/catch.hpp>

#include "tests/unit/clients/http/client_test_support.h"
#include <aiopyr/runtime/async/tasks/task_context.h>

namespace aiopyr::http {
namespace {

using std::chrono::seconds;
using testing::answer;
using testing::echo;
using testing::ScriptedHttpServer;
using testing::ServerConnection;
using testing::turn_until;

TEST_CASE("A GET gives status, headers and body") {
  TestLoop loop;
  const auto server = ScriptedHttpServer::answering(answer("hello", "200 Fine", "X-One: 1\r\n"));
  const Client client;
  const Response response = run_until_complete(client.get(server->url("/a?b=c")));
  CHECK(response.status() == 200);
  CHECK(response.is_success());
  CHECK(response.reason() == "Fine");
  CHECK(response.version() == "HTTP/1.1");
  CHECK(response.header("x-one") == "1");
  CHECK(response.text() == "hello");
  CHECK(response.url() == server->url("/a?b=c"));
}

TEST_CASE("A second request uses the same connection") {
  TestLoop loop;
  const auto server = ScriptedHttpServer::answering(answer("hello"));
  const Client client;
  for (int i = 0; i < 5; ++i) {
    CHECK(run_until_complete(client.get(server->url())).status() == 200);
  }
  CHECK(server->accepted() == 1);
}

TEST_CASE("Idle connections are closed after the time that they are kept") {
  TestLoop loop;
  const auto server = ScriptedHttpServer::answering(answer("hello"));
  const Client client;
  static_cast<void>(run_until_complete(client.get(server->url())));
  CHECK(server->connection().is_open());
  loop.advance(seconds(16));
  CHECK(turn_until(loop, [&] { return server->connection().at_end; }));
}

TEST_CASE("Each time limit says which it was") {
  TestLoop loop;
  const Client client({.timeouts = {.connect = 5, .read = 3}});
  SECTION("reading: no byte for so long") {
    ScriptedHttpServer server([](ServerConnection&) {});
    auto task = spawn(client.get(server.url()));
    REQUIRE(
        turn_until(loop, [&] { return server.accepted() == 1 && server.connection().has_head(); }));
    const TimePoint begun = loop.now();
    try {
      while (!task.is_done()) loop.run_once(true);
      static_cast<void>(task.result());
      FAIL("it was answered");
    } catch (const RequestTimeoutError& error) {
      CHECK(error.phase() == Phase::kRead);
      CHECK(error.retry() == Retry::kUnsafe);
      CHECK(std::string(error.what()).find("sent nothing for 3") != std::string::npos);
    }
    CHECK(loop.now() - begun >= seconds(3));
    CHECK(loop.now() - begun < seconds(4));
    CHECK(turn_until(loop, [&] { return server.connection().at_end; }));
  }
  SECTION("writing: no byte taken for so long") {
    ScriptedHttpServer server([](ServerConnection& connection) { connection.stop_reading(); });
    Timeouts timeouts;
    timeouts.read = 60;
    timeouts.write = 4;
    const std::string large(30'000'000, 'x');
    try {
      static_cast<void>(
          run_until_complete(client.post(server.url(), large, {.timeouts = timeouts})));
      FAIL("it was answered");
    } catch (const RequestTimeoutError& error) {
      CHECK(error.phase() == Phase::kWrite);
    }
  }
  SECTION("the total time, which a slow drip does not move") {
    ScriptedHttpServer server([](ServerConnection& connection) {
      if (connection.has_head()) connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
      connection.take_head();
    });
    Timeouts timeouts;
    timeouts.total = 10;
    auto task = spawn(client.get(server.url(), {.timeouts = timeouts}));
    const TimePoint begun = loop.now();
    while (!task.is_done()) {
      loop.advance(seconds(1));
      take_turns(loop, 3);
      if (server.accepted() == 1) server.connection().send("x");
    }
    CHECK(loop.now() - begun >= seconds(10));
    try {
      static_cast<void>(task.result());
      FAIL("it was answered");
    } catch (const RequestTimeoutError& error) {
      CHECK(error.phase() == Phase::kTotal);
    }
  }
}

TEST_CASE("The deadline of the request on whose behalf it runs ends a request") {
  TestLoop loop;
  ScriptedHttpServer server([](ServerConnection&) {});
  const Client client;
  TaskContext context;
  context.deadline = loop.now() + seconds(2);
  auto asked = client.get(server.url());
  asked.set_context(&context);
  try {
    static_cast<void>(run_until_complete(std::move(asked)));
    FAIL("it was answered");
  } catch (const RequestTimeoutError& error) {
    CHECK(error.phase() == Phase::kDeadline);
  }
  CHECK(context.client_times().size() == 1);
}

TEST_CASE("A request whose deadline has passed is not sent") {
  TestLoop loop;
  const auto server = ScriptedHttpServer::answering(answer("hello"));
  const Client client;
  TaskContext context;
  context.deadline = loop.now();
  auto asked = client.post(server->url(), "x");
  asked.set_context(&context);
  try {
    static_cast<void>(run_until_complete(std::move(asked)));
    FAIL("it was answered");
  } catch (const RequestTimeoutError& error) {
    CHECK(error.phase() == Phase::kDeadline);
    CHECK(error.retry() == Retry::kSafe);
  }
  CHECK(server->accepted() == 0);
}

TEST_CASE("A refused connection is an error that says so and may be tried again") {
  TestLoop loop;
  std::string url;
  {
    const auto server = ScriptedHttpServer::answering("");
    url = server->url("/secret?token=1");
  }
  const Client client;
  try {
    static_cast<void>(run_until_complete(client.get(url)));
    FAIL("it was answered");
  } catch (const ConnectError& error) {
    CHECK(error.retry() == Retry::kSafe);
    CHECK(std::string(error.what()).find("refused") != std::string::npos);
    CHECK(std::string(error.what()).find("token") == std::string::npos);
  }
}

TEST_CASE("An answer cut at any byte is whole, or an error, and never hangs") {
  TestLoop loop;
  const std::string whole = answer("hello", "200 OK", "X-One: 1\r\n");
  const Client client;
  for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
    for (const bool resets : {false, true}) {
      CAPTURE(cut, resets);
      ScriptedHttpServer server([&](ServerConnection& connection) {
        if (!connection.has_head()) return;
        connection.take_head();
        connection.send(std::string_view(whole).substr(0, cut));
        if (resets && cut < whole.size()) {
          connection.reset();
        } else {
          connection.close();
        }
      });
      try {
        const Response response = run_until_complete(client.get(server.url()));
        CHECK(cut == whole.size());
        CHECK(response.text() == "hello");
      } catch (const ClientError& error) {
        CHECK(cut < whole.size());
        CHECK(dynamic_cast<const RequestTimeoutError*>(&error) == nullptr);
      }
    }
  }
}

TEST_CASE("An answer that comes byte by byte is read") {
  TestLoop loop;
  const std::string whole =
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nX-Sum: 7\r\n\r\n";
  ScriptedHttpServer server([](ServerConnection&) {});
  const Client client;
  auto task = spawn(client.get(server.url()));
  REQUIRE(
      turn_until(loop, [&] { return server.accepted() == 1 && server.connection().has_head(); }));
  for (const char c : whole) {
    server.connection().send({&c, 1});
    take_turns(loop, 2);
  }
  REQUIRE(turn_until(loop, [&] { return task.is_done(); }));
  const Response response = task.result();
  CHECK(response.text() == "abcdefg");
  CHECK_FALSE(response.headers().contains("Link"));
  CHECK(response.trailers().get("x-sum") == "7");
}

TEST_CASE("What is no HTTP, or too much of it, is an error of its own connection") {
  TestLoop loop;
  const std::string kGood = "HTTP/1.1 200 OK\r\n";
  std::string many = kGood;
  for (int i = 0; i < 20000; ++i) many += "X: y\r\n";
  std::string interim;
  for (int i = 0; i < 4000; ++i) interim += "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n";
  const std::string bad = GENERATE_COPY(
      std::string("nonsense\r\n\r\n"), std::string("SSH-2.0-OpenSSH_9.2\r\n"),
      kGood + "no colon here\r\n\r\n", kGood + "Content-Length: 5x\r\n\r\nhello",
      kGood + "Content-Length: -1\r\n\r\n", kGood + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
      kGood + "X: " + std::string(1000000, 'x'), many, interim,
      kGood + "Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello");
  ScriptedHttpServer server([&](ServerConnection& connection) {
    if (connection.has_head()) connection.send(bad);
    connection.take_head();
  });
  const Client client;
  CAPTURE(bad.substr(0, 60));
  CHECK_THROWS_AS(run_until_complete(client.get(server.url())), ProtocolError);
}

TEST_CASE("A body larger than max_body is an error that says to stream") {
  TestLoop loop;
  const auto server = ScriptedHttpServer::answering(answer(std::string(1000, 'x')));
  const Client client;
  CHECK(run_until_complete(client.get(server->url(), {.max_body = 1000})).body().size() == 1000);
  try {
    static_cast<void>(run_until_complete(client.get(server->url(), {.max_body = 999})));
    FAIL("it was answered");
  } catch (const ResponseTooLargeError& error) {
    CHECK(std::string(error.what()).find("stream()") != std::string::npos);
  }
}

TEST_CASE("A HEAD has no body, whatever length it tells") {
  TestLoop loop;
  const auto server = ScriptedHttpServer::answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
  const Client client;
  for (int i = 0; i < 2; ++i) {
    const Response response = run_until_complete(client.head(server->url()));
    CHECK(response.header("Content-Length") == "5");
    CHECK(response.text().empty());
  }
  CHECK(server->accepted() == 1);
}

/// Returns the bytes of a gzip file (RFC 1952).
std::string gzip(const std::string& bytes) {
  z_stream stream{};
  constexpr int kGzip = 15 + 16;
  REQUIRE(deflateInit2(&stream, 9, Z_DEFLATED, kGzip, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string packed(bytes.size() / 10 + 1000, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  packed.resize(packed.size() - stream.avail_out);
  deflateEnd(&stream);
  return packed;
}

TEST_CASE("An answer is decompressed, and a bomb is bounded by what it becomes") {
  TestLoop loop;
  const std::string bomb = gzip(std::string(20'000'000, '\0'));
  CHECK(bomb.size() < 30'000);
  const auto server =
      ScriptedHttpServer::answering(answer(gzip("hello"), "200 OK", "Content-Encoding: gzip\r\n"));
  const auto bomber =
      ScriptedHttpServer::answering(answer(bomb, "200 OK", "Content-Encoding: gzip\r\n"));
  const Client client;
  CHECK(run_until_complete(client.get(server->url())).body() == "hello");
  CHECK_THROWS_AS(run_until_complete(client.get(bomber->url())), ResponseTooLargeError);
  Stream stream = run_until_complete(client.stream("GET", bomber->url()));
  std::size_t size = 0;
  while (const auto piece = run_until_complete(stream.read())) size += piece->size();
  CHECK(size == 20'000'000);
}

TEST_CASE("A look-up that is destroyed leaves no trace") {
  TestLoop loop;
  const auto server = ScriptedHttpServer::answering(answer("hello"));
  const std::string url = "http://localhost:" + std::to_string(server->port()) + "/";
  for (int turns = 0; turns < 10; ++turns) {
    const Client client({.limits = {.connections = 1}});
    auto task = spawn(client.get(url));
    take_turns(loop, turns);
    task.cancel();
    take_turns(loop, 1);
    CHECK(run_until_complete(client.get(url)).body() == "hello");
  }
}

TEST_CASE("A request that is destroyed at any turn leaves no trace and no place") {
  TestLoop loop;
  const auto server = ScriptedHttpServer::answering(answer("hello"));
  const Client client({.limits = {.connections = 1}});
  for (int turns = 0; turns < 40; ++turns) {
    {
      auto task = spawn(client.get(server->url()));
      take_turns(loop, turns);
      task.cancel();
      take_turns(loop, 1);
    }
    CHECK(run_until_complete(client.get(server->url())).body() == "hello");
  }
}

TEST_CASE("What cannot be sent is refused before anything is sent") {
  TestLoop loop;
  const auto server = ScriptedHttpServer::answering(answer(""));
  const Client client;
  for (const char* const url :
       {"", "/", "ftp://127.0.0.1/", "file:///etc/passwd", "gopher://127.0.0.1/", "http://",
        "http:///x", "http://127.0.0.1:0/", "http://127.0.0.1:99999/", "http://127.0.0.1/\r\nX: y",
        "http://127.0.0.1/\x01", "//127.0.0.1/", "127.0.0.1", "javascript:alert(1)"}) {
    CAPTURE(url);
    CHECK_THROWS_AS(run_until_complete(client.get(url)), InvalidRequestError);
  }
  CHECK_THROWS_AS(Headers({{"X-A", "1\r\nX-B: 2"}}), InvalidRequestError);
  CHECK_THROWS_AS(Headers({{"X-A", std::string_view("1\0", 2)}}), InvalidRequestError);
  CHECK_THROWS_AS(Headers({{"X A", "1"}}), InvalidRequestError);
  CHECK_THROWS_AS(Headers({{"X:", "1"}}), InvalidRequestError);
  CHECK_THROWS_AS(run_until_complete(client.request("GET / HTTP/1.1\r\nX", server->url())),
                  InvalidRequestError);
  CHECK_THROWS_AS(
      run_until_complete(client.get(server->url(), {.headers = {{"Content-Length", "5"}}})),
      InvalidRequestError);
  CHECK(server->accepted() == 0);
}

TEST_CASE("What a server sends unasked on a kept connection is nobody's answer") {
  TestLoop loop;
  ScriptedHttpServer server(&echo);
  const Client client;
  for (std::size_t asked = 0; asked < 3; ++asked) {
    const auto answered = run_until_complete(client.post(server.url(), "mine"));
    CHECK(answered.body().ends_with("mine"));
    CHECK(server.accepted() == asked + 1);
    server.connection(asked).send(answer("", "408 Request Timeout"));
    if (asked == 1) server.connection(asked).close();
    take_turns(loop, 5);
  }
}

}  // namespace
}  // namespace aiopyr::http

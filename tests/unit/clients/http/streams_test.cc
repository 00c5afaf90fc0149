#include <array>
#include <optional>
#include <string>

#include <catch2/catch.hpp>

#include "tests/unit/clients/http/client_test_support.h"

namespace aiopyr::http {
namespace {

using testing::answer;
using testing::ScriptedHttpServer;
using testing::ServerConnection;
using testing::turn_until;

constexpr std::string_view kChunkedHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

std::string chunk(const std::string& bytes) {
  std::array<char, 16> size{};
  std::snprintf(size.data(), size.size(), "%zx\r\n", bytes.size());
  return size.data() + bytes + "\r\n";
}

TEST_CASE("A stream gives the head first, then pieces as they come, then the end") {
  TestLoop loop;
  ScriptedHttpServer server([](ServerConnection& connection) {
    if (!connection.take_head().empty()) connection.send(kChunkedHead);
  });
  const Client client;
  Stream stream = run_until_complete(client.stream("GET", server.url()));
  CHECK(stream.status() == 200);
  server.connection().send(chunk("one"));
  CHECK(run_until_complete(stream.read()) == "one");
  auto reading = spawn(stream.read());
  take_turns(loop, 3);
  CHECK_FALSE(reading.is_done());
  server.connection().send(chunk("two"));
  CHECK(turn_until(loop, [&] { return reading.is_done(); }));
  CHECK(reading.result() == "two");
  server.connection().send("0\r\n\r\n");
  CHECK(run_until_complete(stream.read()) == std::nullopt);
  CHECK(run_until_complete(stream.read()) == std::nullopt);
  static_cast<void>(run_until_complete(client.stream("GET", server.url())));
  CHECK(server.accepted() == 1);
}

TEST_CASE("A server that sends faster than a stream is read has to wait") {
  TestLoop loop;
  std::size_t sent = 0;
  const std::string piece(64UL * 1024, 'x');
  ScriptedHttpServer server([](ServerConnection& connection) {
    if (!connection.take_head().empty()) {
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n");
    }
  });
  const Client client;
  Stream stream = run_until_complete(client.stream("GET", server.url()));
  for (int i = 0; i < 2000; ++i) {
    sent += server.connection().try_send(std::string_view(piece).substr(0, 32UL * 1024));
    loop.run_once(false);
  }
  CHECK(sent < 30'000'000);  // what the kernel's buffers hold, and some
  const std::string first = run_until_complete(stream.read()).value();
  CHECK(first.size() < 400UL * 1024);
  // All the rest arrives, in order, once it is read.
  std::size_t received = first.size();
  while (sent < 60'000'000) {
    sent += server.connection().try_send(piece);
    received += run_until_complete(stream.read()).value().size();
  }
  CHECK(received > 30'000'000);
  while (server.connection().try_send(piece) > 0) loop.run_once(false);
  loop.advance(std::chrono::seconds(60));  // a reader may take its time
  take_turns(loop, 10);
  CHECK(run_until_complete(stream.read()).has_value());
}

TEST_CASE("A stream that breaks gives what had come, then the error") {
  TestLoop loop;
  ScriptedHttpServer server([](ServerConnection& connection) {
    if (connection.take_head().empty()) return;
    connection.send(std::string(kChunkedHead) + chunk("one"));
    connection.close();
  });
  const Client client;
  Stream stream = run_until_complete(client.stream("GET", server.url()));
  CHECK(run_until_complete(stream.read()) == "one");
  CHECK_THROWS_AS(run_until_complete(stream.read()), ConnectionLostError);
}

TEST_CASE("Closing a stream early ends its connection, and gives its place back") {
  TestLoop loop;
  ScriptedHttpServer server([](ServerConnection& connection) {
    if (!connection.take_head().empty()) connection.send(kChunkedHead);
  });
  const Client client({.limits = {.connections = 1}});
  {
    Stream stream = run_until_complete(client.stream("GET", server.url()));
    auto waiting = spawn(client.stream("GET", server.url()));
    take_turns(loop, 5);
    CHECK_FALSE(waiting.is_done());
    auto reading = spawn(stream.read());
    take_turns(loop, 5);
    stream.close();
    CHECK(turn_until(loop, [&] { return waiting.is_done() && reading.is_done(); }));
    CHECK_THROWS_AS(reading.result(), ConnectionLostError);
    CHECK(server.connection(0).at_end);
    CHECK(waiting.result().status() == 200);
  }
  CHECK(turn_until(loop, [&] { return server.connection(1).at_end; }));
}

TEST_CASE("A read that is destroyed loses nothing") {
  TestLoop loop;
  ScriptedHttpServer server([](ServerConnection& connection) {
    if (!connection.take_head().empty()) connection.send(kChunkedHead);
  });
  const Client client;
  Stream stream = run_until_complete(client.stream("GET", server.url()));
  std::string sent;
  std::string received;
  for (int i = 0; i < 50; ++i) {
    auto reading = spawn(stream.read());
    take_turns(loop, i % 5);
    const std::string piece = std::to_string(i) + " ";
    server.connection().send(chunk(piece));
    sent += piece;
    take_turns(loop, i % 3);
    if (reading.is_done()) {
      received += reading.result().value();
    } else {
      reading.cancel();
      take_turns(loop, 1);
    }
  }
  server.connection().send("0\r\n\r\n");
  received += run_until_complete(stream.read_all(1000));
  CHECK(received == sent);
}

TEST_CASE("The rest of a stream is bounded") {
  TestLoop loop;
  const auto server = ScriptedHttpServer::answering(answer(std::string(1000, 'x')));
  const Client client;
  Stream stream = run_until_complete(client.stream("GET", server->url()));
  CHECK_THROWS_AS(run_until_complete(stream.read_all(999)), ResponseTooLargeError);
}

TEST_CASE("A stream outlives its client, and may be moved while it is read") {
  TestLoop loop;
  ScriptedHttpServer server([](ServerConnection& connection) {
    if (!connection.take_head().empty()) connection.send(kChunkedHead);
  });
  std::optional<Stream> kept;
  TaskHandle<std::optional<std::string>> reading;
  {
    const Client client;
    Stream stream = run_until_complete(client.stream("GET", server.url()));
    reading = spawn(stream.read());
    take_turns(loop, 3);
    kept.emplace(std::move(stream));
  }
  server.connection().send(chunk("late"));
  CHECK(turn_until(loop, [&] { return reading.is_done(); }));
  CHECK(reading.result() == "late");
}

}  // namespace
}  // namespace aiopyr::http

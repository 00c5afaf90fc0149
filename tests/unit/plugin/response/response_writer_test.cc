#include <algorithm>
#include <csignal>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/unit/support/http_server.h"
#include "tests/unit/support/temporary_folder.h"
#include <aiopyr/runtime/web/http/open_beneath.h>

namespace aiopyr::plugin {
namespace {

using testing::Client;
using testing::HttpServer;
using testing::ok;

/// A text longer than what the kernel keeps for a connection.
const std::string kLong(std::size_t{700} << 10U, 'x');

std::shared_ptr<const FileBody> file_of(const TemporaryFolder& folder, const std::string& text) {
  std::ofstream(folder.path() / "file") << text;
  detail::Descriptor opened =
      detail::open_beneath(detail::open_folder(folder.path().string()), "file");
  return FileBody::adopt(opened);
}

std::string read_on(HttpServer& server, Client& client) {
  std::string all;
  for (int i = 0; i < 100; ++i) {
    all += client.received();
    server.turns(2);
  }
  return all;
}

std::string repeated(std::string_view text, std::size_t count) {
  std::string all;
  while (all.size() < count) all += text;
  all.resize(count);
  return all;
}

TEST_CASE("Responses of any length arrive whole, and the connection goes on") {
  for (const std::size_t length : {0U, 1U, 1000U, 2048U, 4000U, 4096U, 5000U, 70000U, 700000U}) {
    HttpServer server;
    Client client = server.connect();
    server.body = repeated("0123456789", std::max<std::size_t>(length, 1));
    client.get("/");
    server.turns();
    CHECK(read_on(server, client) == ok(server.body));
    client.get("/");
    server.turns();
    CHECK(read_on(server, client) == ok(server.body));
    CHECK(server.free_cores == 2);
    CHECK(server.bodies_sent == 2 * server.body.size());
  }
}

TEST_CASE("A part of a file of any length arrives whole") {
  const TemporaryFolder folder;
  const std::string text = repeated("abcdefghij", 300000);
  for (const bool keeps : {true, false}) {
    for (const std::size_t length : {1U, 500U, 16384U, 16385U, 250000U}) {
      HttpServer server;
      server.keeps = keeps;
      server.file = file_of(folder, text);
      server.file_offset = 7;
      server.file_length = length;
      Client client = server.connect();
      client.get("/");
      server.turns();
      CHECK(read_on(server, client) ==
            "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n" +
                text.substr(7, length));
      CHECK(client.is_closed() == !keeps);
      CHECK(server.free_cores == 2);
    }
  }
}

TEST_CASE("A response that has no room keeps its core until it is read") {
  auto limits = HttpServer::default_limits();
  limits.write_buffer = 1U << 10U;
  HttpServer server(limits);
  server.body = kLong;
  Client client = server.connect();
  client.get("/");
  server.turns();
  CHECK(server.free_cores == 1);
  CHECK(server.connections.tails().count() == 0);
  CHECK(read_on(server, client) == ok(kLong));
  CHECK(server.free_cores == 2);
  CHECK(server.log.empty());
}

TEST_CASE("Slow readers and slow senders share the cores that they may hold") {
  auto limits = HttpServer::default_limits();
  limits.write_buffer = 1U << 10U;
  HttpServer server(limits);
  server.body = kLong;
  SlowCores::Right sender;
  {
    Client reader = server.connect();
    reader.get("/");
    server.turns();
    CHECK(server.free_cores == 1);
    CHECK_FALSE(server.connections.take_body_core(sender));
    CHECK(read_on(server, reader) == ok(kLong));
  }
  CHECK(server.connections.take_body_core(sender));
  Client late = server.connect();
  late.get("/");
  server.turns();
  CHECK(server.free_cores == 2);
  CHECK(late.received().size() < kLong.size());
  CHECK(late.is_closed());
}

/// Limits with so little room that long responses go to files of `folder`.
ConnectionLimits limits_with_files(const TemporaryFolder& folder) {
  auto limits = HttpServer::default_limits();
  limits.write_buffer = 1U << 10U;
  limits.temp_bytes = 1U << 30U;
  limits.temp_folder = folder.path().string();
  return limits;
}

TEST_CASE("A response that has no room waits in a file, without a core") {
  const TemporaryFolder folder;
  for (const bool keeps : {true, false}) {
    HttpServer server(limits_with_files(folder));
    server.keeps = keeps;
    server.body = repeated("0123456789", 700'000);
    Client client = server.connect();
    client.get("/");
    client.get("/next");
    server.turns();
    CHECK(server.free_cores == 2);
    CHECK(server.connections.tails().count() == 1);
    CHECK_FALSE(server.connections.tails().files().has_room(server.limits.temp_bytes));
    const std::string all = ok(server.body) + (keeps ? ok(server.body) : "");
    CHECK(read_on(server, client) == all);
    CHECK(client.is_closed() == !keeps);
    CHECK(server.free_cores == 2);
    CHECK(server.connections.tails().files().has_room(server.limits.temp_bytes));
    CHECK(server.log.empty());
  }
}

TEST_CASE("A file is written in parts, between which others are served") {
  const TemporaryFolder folder;
  HttpServer server(limits_with_files(folder));
  server.body.assign(std::size_t{40} << 20U, 'x');
  Client client = server.connect();
  client.get("/");
  server.turns(1);
  CHECK(server.free_cores == 1);
  server.turns();
  CHECK(server.free_cores == 2);
  // Ignores SIGPIPE, as a worker does: sendfile() has no MSG_NOSIGNAL.
  std::signal(SIGPIPE, SIG_IGN);
  client.vanish();
  server.turns();
  CHECK(server.connections.count() == 0);
}

TEST_CASE("The end of the server ends a response that is being written to a file") {
  const TemporaryFolder folder;
  std::vector<Client> clients;
  {
    HttpServer server(limits_with_files(folder));
    server.body.assign(std::size_t{40} << 20U, 'x');
    clients.push_back(server.connect());
    clients.back().get("/");
    server.turns(1);
    CHECK(server.free_cores == 1);
  }
  CHECK(clients.front().is_closed());
}

TEST_CASE("Where no file can be made, slow readers hold some cores, and then cost each other") {
  const TemporaryFolder folder;
  auto limits = limits_with_files(folder);
  limits.temp_folder = "/nowhere/at/all";
  HttpServer server(limits);
  server.free_cores = 3;
  server.body = kLong;
  Client first = server.connect();
  first.get("/");
  server.turns();
  CHECK(server.free_cores == 2);
  REQUIRE(server.log.size() == 1);
  CHECK(server.log[0].find("/nowhere/at/all cannot be made") != std::string::npos);
  Client second = server.connect();
  second.get("/");
  server.turns();
  CHECK(server.free_cores == 2);
  CHECK(second.received().size() < kLong.size());
  CHECK(second.is_closed());
  CHECK(read_on(server, first) == ok(kLong));
  CHECK(server.free_cores == 3);
}

TEST_CASE("Where cores and files are taken, the slowest reader makes room in memory") {
  auto limits = HttpServer::default_limits();
  limits.write_buffer = kLong.capacity() + 100'000;
  HttpServer server(limits);
  server.free_cores = 4;
  server.body = kLong;
  std::vector<Client> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(server.connect());
    clients.back().get("/");
    server.turns();
    server.loop.advance(to_duration(1));
  }
  // The first was in memory, the second holds a core, the third is in memory now.
  CHECK(server.free_cores == 3);
  CHECK(server.connections.tails().count() == 1);
  CHECK(read_on(server, clients[0]).size() < kLong.size());
  CHECK(clients[0].is_closed());
  CHECK(read_on(server, clients[1]) == ok(kLong));
  CHECK(read_on(server, clients[2]) == ok(kLong));
  CHECK(server.free_cores == 4);
}

TEST_CASE("A client that does not read what has no room loses its connection, not the core") {
  auto limits = HttpServer::default_limits();
  limits.write_buffer = 1U << 10U;
  HttpServer server(limits);
  server.body = kLong;
  Client client = server.connect();
  client.get("/");
  server.turns();
  CHECK(server.free_cores == 1);
  server.pass(21);
  CHECK(server.free_cores == 2);
  CHECK(server.log == std::vector<std::string>{"the client went away before it had its response"});
}

TEST_CASE("A client that is gone before its response frees the core") {
  for (const std::string& body : {std::string("short"), std::string(5000, 'x'), kLong}) {
    HttpServer server;
    server.keeps = false;
    server.holds = true;
    server.body = body;
    Client client = server.connect();
    client.get("/");
    server.turns();
    client.vanish();
    server.release();
    CHECK(server.free_cores == 2);
    CHECK(server.write_errors == 1);
    CHECK(server.connections.count() == 0);
  }
}

TEST_CASE("A long response leaves behind the short ones that are still held before it") {
  HttpServer server;
  server.holds = true;
  Client client = server.connect();
  client.get("/one");
  client.get("/two");
  server.turns();
  server.body.clear();
  server.release();
  server.body = kLong;
  server.release();
  CHECK(read_on(server, client) == ok("/one") + ok(kLong));
}

}  // namespace
}  // namespace aiopyr::plugin

#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/unit/support/http_server.h"
#include "tests/unit/support/scripted_transport.h"

namespace aiopyr::plugin {
namespace {

using testing::Client;
using testing::HttpServer;
using testing::ok;

/// A text longer than what the kernel keeps for a connection.
const std::string kLong(std::size_t{700} << 10U, 'x');

std::string read_on(HttpServer& server, Client& client) {
  std::string all;
  for (int i = 0; i < 100; ++i) {
    all += client.received();
    server.turns(2);
  }
  return all;
}

TEST_CASE("A long response leaves without a core, and its connection goes on") {
  HttpServer server;
  server.body = kLong;
  Client client = server.connect();
  client.get("/");
  server.turns();
  CHECK(server.free_cores == 2);
  CHECK(server.connections.tails().count() == 1);
  CHECK(read_on(server, client) == ok(kLong));
  CHECK(server.connections.tails().count() == 0);
  server.body = "short";
  client.get("/");
  server.turns();
  CHECK(client.received() == ok("short"));
}

TEST_CASE("A connection that is not kept is closed when its response was read") {
  HttpServer server;
  server.body = kLong;
  server.keeps = false;
  Client client = server.connect();
  client.get("/");
  server.turns();
  CHECK(read_on(server, client) == ok(kLong));
  CHECK(client.is_closed());
  CHECK(server.connections.count() == 0);
}

TEST_CASE("What the client sends while its response leaves is its next request") {
  HttpServer server;
  server.body = kLong;
  Client client = server.connect();
  client.get("/");
  server.turns();
  server.body = "next";
  client.get("/next");
  server.turns();
  CHECK(read_on(server, client) == ok(kLong) + ok("next"));
}

TEST_CASE("A client that does not read is cut off, one that reads on is not") {
  HttpServer server;
  server.body = kLong;
  Client lazy = server.connect();
  Client slow = server.connect();
  lazy.get("/");
  slow.get("/");
  server.turns();
  std::string got;
  for (int i = 0; i < 3; ++i) {
    server.loop.advance(to_duration(10));
    got += slow.received();
    server.turns();
  }
  CHECK(server.connections.tails().count() <= 1);
  got += read_on(server, slow);
  CHECK(got == ok(kLong));
  CHECK(lazy.received().size() < kLong.size());
  CHECK(lazy.is_closed());
}

TEST_CASE("A client that vanishes while its response leaves is forgotten") {
  HttpServer server;
  server.body = kLong;
  Client client = server.connect();
  client.get("/");
  server.turns();
  client.vanish();
  server.turns();
  CHECK(server.connections.count() == 0);
  CHECK(server.log.empty());
}

TEST_CASE("A response that breaks off does not end its stream as a whole one does") {
  using websocket::testing::Script;
  for (const bool breaks : {true, false}) {
    HttpServer server;
    const auto script = std::make_shared<Script>();
    script->full = 1;
    if (breaks) script->fails_at = 1;
    auto [connection, unused] = server.make_connection();
    const ClientOrigin origin = connection->origin();
    connection = std::make_unique<ClientConnection>(
        server.connections, origin, std::make_unique<websocket::testing::ScriptedTransport>(script),
        Arrival{.began = server.loop.now()});
    OutgoingBody body(connection->stream().transport(), "a response", 0);
    CHECK(body.send_some() == OutgoingBody::Progress::kSome);
    server.connections.tails().add(std::move(connection), std::move(body), false);
    server.turns();
    CHECK(script->cut_off == breaks);
    CHECK(script->output == (breaks ? "" : "a response"));
  }
}

TEST_CASE("The slowest clients make room for others, and no more of them than have to") {
  auto limits = HttpServer::default_limits();
  limits.write_buffer = 3 * kLong.capacity();
  HttpServer server(limits);
  server.body = kLong;
  std::vector<Client> clients;
  std::vector<std::string> got(3);
  for (int i = 0; i < 3; ++i) {
    clients.push_back(server.connect());
    clients.back().get("/");
    server.turns();
  }
  ResponseTails& tails = server.connections.tails();
  REQUIRE(tails.count() == 3);
  server.loop.advance(to_duration(1));
  got[0] += clients[0].received();
  server.turns();
  got[2] += clients[2].received();
  server.turns();
  CHECK(tails.make_room(1000));
  CHECK(tails.count() == 2);
  CHECK(tails.make_room(1000));
  CHECK(tails.count() == 2);
  CHECK(got[0] + read_on(server, clients[0]) == ok(kLong));
  CHECK(read_on(server, clients[1]).size() < kLong.size());
  CHECK(clients[1].is_closed());
  CHECK(got[2] + read_on(server, clients[2]) == ok(kLong));
}

TEST_CASE("Nobody is cut off for what would find no room in any case") {
  HttpServer server;
  server.body = kLong;
  Client client = server.connect();
  client.get("/");
  server.turns();
  ResponseTails& tails = server.connections.tails();
  CHECK_FALSE(tails.make_room(server.limits.write_buffer + 1));
  CHECK(tails.count() == 1);
  const auto others = tails.memory().take(server.limits.write_buffer - kLong.capacity());
  REQUIRE(others != nullptr);
  CHECK_FALSE(tails.make_room(server.limits.write_buffer));
}

TEST_CASE("A client that is slower than the rate over its whole response is cut off") {
  auto limits = HttpServer::default_limits();
  limits.write_rate = 20'000;
  HttpServer server(limits);
  server.body = kLong;
  Client slow = server.connect();
  slow.get("/");
  server.turns();
  // Its first gulp is enough for this period, and not for the next.
  std::string got = slow.received();
  server.turns();
  for (int i = 0; i < 4 && server.connections.tails().count() > 0; ++i) server.pass(20);
  CHECK(server.connections.tails().count() == 0);
  CHECK(got.size() + slow.received().size() < kLong.size());
  CHECK(slow.is_closed());
}

TEST_CASE("The end of the server cuts off what is leaving") {
  std::vector<Client> clients;
  {
    HttpServer server;
    server.body = kLong;
    clients.push_back(server.connect());
    clients.back().get("/");
    server.turns();
    CHECK(server.connections.tails().count() == 1);
  }
  CHECK(clients.front().is_closed());
}

}  // namespace
}  // namespace aiopyr::plugin

#include <catch2/catch.hpp>

#include "tests/unit/support/http_server.h"

namespace aiopyr::plugin {
namespace {

using testing::Client;
using testing::HttpServer;
using testing::ok;

bool begins_with(const std::string& text, std::string_view begin) {
  return text.starts_with(begin);
}

TEST_CASE("A connection serves one request after another") {
  HttpServer server;
  Client client = server.connect();
  client.get("/one");
  server.turns();
  CHECK(client.received() == ok("/one"));
  client.get("/two");
  server.turns();
  CHECK(client.received() == ok("/two"));
  CHECK(server.connections.count() == 1);
}

TEST_CASE("A request in any pieces is served once, when it is whole") {
  const std::string request = "GET /pieces HTTP/1.1\r\nHost: a\r\n\r\n";
  for (std::size_t cut = 1; cut < request.size(); ++cut) {
    HttpServer server;
    Client client = server.connect();
    client.send(request.substr(0, cut));
    server.turns();
    CHECK(client.received().empty());
    client.send(request.substr(cut));
    server.turns();
    CHECK(client.received() == ok("/pieces"));
    CHECK(server.free_cores == 2);
  }
}

TEST_CASE("Requests that come together are answered in order") {
  HttpServer server;
  Client client = server.connect();
  std::string expected;
  for (int i = 0; i < 40; ++i) {
    client.get("/" + std::to_string(i));
    expected += ok("/" + std::to_string(i));
  }
  server.turns(12);
  CHECK(client.received() == expected);
}

TEST_CASE("Sixteen requests of one client are served in a row, then others get their turn") {
  HttpServer server;
  Client busy = server.connect();
  for (int i = 0; i < 37; ++i) busy.get("/");
  server.loop.run_once(false);
  // The first one, sixteen after it, and sixteen that were ready.
  CHECK(server.served.size() == 33);
  Client other = server.connect();
  other.get("/other");
  server.turns();
  CHECK(other.received() == ok("/other"));
}

TEST_CASE("A client that asks for nothing holds no core, and is closed without a word") {
  HttpServer server;
  Client client = server.connect();
  CHECK(server.free_cores == 2);
  server.pass(19);
  CHECK_FALSE(client.is_closed());
  server.pass(2);
  CHECK(client.received().empty());
  CHECK(client.is_closed());
  CHECK(server.connections.count() == 0);
}

TEST_CASE("A request that does not arrive in time is answered 408") {
  HttpServer server;
  Client client = server.connect();
  client.send("GET / HT");
  server.turns();
  server.pass(21);
  CHECK(begins_with(client.received(), "HTTP/1.1 408 "));
  CHECK(client.is_closed());
}

TEST_CASE("An answer to HEAD has no body, also where it is 408 or 503") {
  HttpServer server;
  Client slow = server.connect();
  slow.send("HEAD / HT");
  server.turns();
  server.pass(21);
  const std::string late = slow.received();
  CHECK(begins_with(late, "HTTP/1.1 408 "));
  CHECK(late.find("Content-Length: 0") == std::string::npos);
  CHECK(late.ends_with("\r\n\r\n"));

  server.free_cores = 0;
  Client waiting = server.connect();
  waiting.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
  server.turns();
  Client unread = server.connect_to_queue();
  unread.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
  server.pass(11);
  for (Client* client : {&waiting, &unread}) {
    const std::string busy = client->received();
    CHECK(begins_with(busy, "HTTP/1.1 503 "));
    CHECK(busy.ends_with("\r\n\r\n"));
  }
}

TEST_CASE("A kept connection is closed when it was idle for long enough") {
  HttpServer server;
  Client client = server.connect();
  client.get("/");
  server.turns();
  static_cast<void>(client.received());
  server.pass(74);
  CHECK_FALSE(client.is_closed());
  server.pass(2);
  CHECK(client.is_closed());
}

TEST_CASE("A client that has left takes its connection along") {
  HttpServer server;
  Client client = server.connect();
  client.vanish();
  server.turns();
  CHECK(server.connections.count() == 0);
  CHECK(server.free_cores == 2);
  CHECK(server.log.empty());
}

TEST_CASE("Requests wait for a core in the order in which they came") {
  HttpServer server;
  server.holds = true;
  server.free_cores = 1;
  Client first = server.connect();
  Client second = server.connect();
  Client third = server.connect();
  for (Client* client : {&first, &second, &third}) {
    client->get("/");
    server.turns();
  }
  CHECK(server.queued.value() == 2);
  server.release();
  CHECK(first.received() == ok("/"));
  CHECK(second.received().empty());
  server.release();
  CHECK(second.received() == ok("/"));
  server.release();
  CHECK(third.received() == ok("/"));
  CHECK(server.queued.value() == 0);
}

TEST_CASE("A request beyond those that may wait is answered 503 at once") {
  HttpServer server;
  server.free_cores = 0;
  std::vector<Client> waiting;
  for (int i = 0; i < 4; ++i) {
    waiting.push_back(server.connect());
    waiting.back().get("/");
    server.turns();
  }
  Client one_more = server.connect();
  one_more.get("/");
  server.turns();
  const std::string answer = one_more.received();
  CHECK(begins_with(answer, "HTTP/1.1 503 "));
  CHECK(answer.find("Retry-After: 1\r\n") != std::string::npos);
  CHECK(server.refused.value() == 1);
  for (Client& client : waiting) CHECK(client.received().empty());
}

TEST_CASE("A request that waits for too long is answered 503") {
  HttpServer server;
  server.free_cores = 0;
  Client client = server.connect();
  client.get("/");
  server.turns();
  server.pass(9);
  CHECK(client.received().empty());
  server.pass(2);
  CHECK(begins_with(client.received(), "HTTP/1.1 503 "));
  CHECK(server.queued.value() == 0);
}

TEST_CASE("A connection that was accepted without a core waits for one") {
  HttpServer server;
  server.free_cores = 0;
  Client client = server.connect_to_queue();
  client.get("/later");
  server.turns();
  CHECK(client.received().empty());
  server.free_cores = 1;
  server.connections.use_free_cores();
  server.turns();
  CHECK(client.received() == ok("/later"));
}

TEST_CASE("A paused worker serves nothing, and refuses nobody who waits") {
  HttpServer server;
  Client client = server.connect();
  server.paused = true;
  client.get("/");
  server.turns();
  server.pass(11);
  server.pass(11);
  CHECK(client.received().empty());
  server.paused = false;
  server.connections.use_free_cores();
  server.turns();
  CHECK(client.received() == ok("/"));
}

TEST_CASE("A worker that is about to end serves those that wait, pause or not") {
  HttpServer server;
  Client client = server.connect();
  server.paused = true;
  client.get("/");
  server.turns();
  server.connections.stop_keeping();
  server.turns();
  CHECK(client.received() == ok("/"));
  CHECK_FALSE(server.connections.keeps());
}

TEST_CASE("Connections on which nothing is asked can be dropped") {
  HttpServer server;
  Client silent = server.connect();
  Client half = server.connect();
  half.send("GET /");
  server.turns();
  Client asking = server.connect();
  asking.get("/");
  server.connections.drop_unasked();
  CHECK(silent.is_closed());
  CHECK_FALSE(half.is_closed());
  server.turns();
  CHECK(asking.received() == ok("/"));
}

TEST_CASE("The longest idle connections make room for others") {
  HttpServer server;
  Client oldest = server.connect();
  Client newer = server.connect();
  Client unasked = server.connect();
  oldest.get("/");
  server.turns();
  newer.get("/");
  server.turns();
  CHECK(server.connections.free_descriptors(1) == 1);
  CHECK(oldest.is_closed());
  CHECK_FALSE(newer.is_closed());
  CHECK(server.connections.free_descriptors(5) == 1);
  CHECK_FALSE(unasked.is_closed());
}

TEST_CASE("A client that pipelines and does not read holds no core") {
  HttpServer server;
  server.body = std::string(3000, 'x');
  Client client = server.connect();
  for (int i = 0; i < 2000; ++i) {
    client.get("/");
    server.turns(1);
  }
  server.turns(50);
  CHECK(server.free_cores == 2);
  std::size_t got = 0;
  for (std::string more = client.received(); !more.empty(); more = client.received()) {
    got += more.size();
    server.turns(20);
  }
  const std::size_t expected = server.served.size() - 1;  // the last one found nothing
  CHECK(got >= expected * 3000);
  CHECK(server.log.empty());
}

TEST_CASE("The end of the server closes its connections wherever they are") {
  std::vector<Client> clients;
  {
    HttpServer server;
    server.holds = true;
    server.free_cores = 1;
    for (int i = 0; i < 4; ++i) clients.push_back(server.connect());
    for (Client& client : clients) client.get("/");
    server.turns();
  }
  for (Client& client : clients) CHECK(client.is_closed());
}

}  // namespace
}  // namespace aiopyr::plugin

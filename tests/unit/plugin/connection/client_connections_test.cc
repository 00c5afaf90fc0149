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

TEST_CASE("A balancer's PROXY header does not hide that an unread request is for HEAD") {
  HttpServer server;
  server.free_cores = 0;
  const std::string long_v2 =
      std::string("\r\n\r\n\0\r\nQUIT\n\x20\x00\x01\x00", 16) + std::string(256, 'x');
  for (const std::string& header : {std::string("PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n"), long_v2}) {
    Client client = server.connect_to_queue();
    client.send(header + "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
    server.pass(11);
    const std::string busy = client.received();
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

/// Makes as many clients as there are cores hold these.
std::vector<Client> occupy(HttpServer& server) {
  server.holds = true;
  std::vector<Client> clients;
  while (server.free_cores > 0) {
    clients.push_back(server.connect());
    clients.back().get("/busy");
    server.turns();
  }
  return clients;
}

TEST_CASE("A request whose client has ended its side is served behind all others that wait") {
  HttpServer server;
  const auto busy = occupy(server);
  std::vector<Client> clients;
  for (const char* path : {"/1", "/2", "/3", "/4"}) {
    clients.push_back(server.connect_to_queue());
    clients.back().get(path);
  }
  clients[0].end();
  clients[2].end();
  server.holds = false;
  CHECK(server.queued.value() == 4);
  server.release();
  CHECK(clients[1].received() == ok("/2"));
  CHECK(clients[3].received() == ok("/4"));
  server.turns();
  CHECK(clients[0].received() == ok("/1"));
  CHECK(clients[2].received() == ok("/3"));
  CHECK(server.queued.value() == 0);
}

TEST_CASE("Who has ended its side waits while there are others, and as long as they") {
  HttpServer server;
  auto busy = occupy(server);
  Client ended = server.connect_to_queue();
  ended.get("/ended");
  ended.end();
  Client other = server.connect_to_queue();
  other.get("/other");
  server.release();
  CHECK(server.free_cores == 0);
  CHECK(server.held.size() == 2);
  Client later = server.connect_to_queue();
  later.get("/later");
  server.pass(9);
  CHECK(server.queued.value() == 2);
  server.pass(2);
  CHECK(ended.received().starts_with("HTTP/1.1 503"));
  CHECK(server.refused.value() >= 1);
}

TEST_CASE("Queued work of a client that is gone is dropped, and under eof of one that has ended") {
  for (const bool drops : {false, true}) {
    auto limits = HttpServer::default_limits();
    limits.drops_ended = drops;
    HttpServer server(limits);
    const auto busy = occupy(server);
    Client gone = server.connect_to_queue();
    gone.get("/gone");
    Client ended = server.connect_to_queue();
    ended.get("/ended");
    Client there = server.connect_to_queue();
    there.get("/there");
    gone.vanish();
    ended.end();
    const std::size_t before = server.served.size();
    server.holds = false;
    server.release();
    server.turns();
    CHECK(there.received() == ok("/there"));
    CHECK(ended.received() == (drops ? "" : ok("/ended")));
    // A core also finds that the answered client has ended.
    CHECK(server.served.size() - before == (drops ? 1 : 3));
    CHECK(server.queued.value() == 0);
  }
}

TEST_CASE(
    "A full queue has room where clients have given up, and asks no more than once a second") {
  HttpServer server;
  const auto busy = occupy(server);
  std::vector<Client> clients;
  for (int i = 0; i < 4; ++i) {
    clients.push_back(server.connect_to_queue());
    clients.back().get("/waits");
  }
  clients[0].vanish();
  clients[1].end();
  Client first = server.connect_to_queue();
  CHECK_FALSE(first.is_closed());
  // Takes the place of the client that has ended its side.
  Client second = server.connect_to_queue();
  CHECK_FALSE(second.is_closed());
  CHECK(clients[1].received().starts_with("HTTP/1.1 503"));
  Client third = server.connect_to_queue();
  CHECK(third.received().starts_with("HTTP/1.1 503"));
  clients[2].vanish();
  Client fourth = server.connect_to_queue();
  CHECK(fourth.received().starts_with("HTTP/1.1 503"));
  server.pass(1);
  Client fifth = server.connect_to_queue();
  CHECK_FALSE(fifth.is_closed());
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

#include <string>

#include <catch2/catch.hpp>

#include "tests/unit/clients/http/client_test_support.h"

namespace aiopyr::http {
namespace {

using testing::answer;
using testing::ScriptedHttpServer;
using testing::ServerConnection;
using testing::turn_until;

/// Answers each request with these bytes, and then says that nothing follows, as a server does that
/// has called shutdown(SHUT_WR) and still reads.
ServerConnection::Handler half_closing_after(std::string bytes) {
  return [bytes](ServerConnection& connection) {
    if (!connection.has_head()) return;
    connection.take_head();
    connection.send(bytes);
    connection.end_sending();
  };
}

TEST_CASE("A server that half-closes behind a whole answer has answered") {
  TestLoop loop;
  const std::string bytes = GENERATE(
      answer("hello"), std::string("HTTP/1.1 200 OK\r\n\r\nhello"),
      std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"));
  CAPTURE(bytes);
  ScriptedHttpServer server(half_closing_after(bytes));
  const Client client;
  CHECK(run_until_complete(client.get(server.url())).body() == "hello");
  // That connection is of no use any more: the next request, whatever it is, has its own.
  CHECK(run_until_complete(client.post(server.url(), "")).body() == "hello");
  CHECK(server.accepted() == 2);
  CHECK(turn_until(loop, [&] { return server.connection(0).at_end; }));
}

TEST_CASE("A server that half-closes before its answer is complete has lost the connection") {
  TestLoop loop;
  const std::string bytes =
      GENERATE(std::string(), std::string("HTTP/1.1 200 OK\r\nContent-Le"),
               std::string("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell"),
               std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"),
               std::string("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"));
  CAPTURE(bytes);
  ScriptedHttpServer server([&](ServerConnection& connection) {
    const bool is_first = server.accepted() == 1;
    half_closing_after(is_first ? bytes : answer("well"))(connection);
  });
  const Client client;
  CHECK_THROWS_AS(run_until_complete(client.get(server.url())), ConnectionLostError);
  CHECK(run_until_complete(client.get(server.url())).body() == "well");
  CHECK(server.accepted() == 2);
}

TEST_CASE("A stream of which a server half-closes gives what had come, and then the end") {
  TestLoop loop;
  const bool is_whole = GENERATE(true, false);
  const std::string head =
      is_whole ? "HTTP/1.1 200 OK\r\n\r\n" : "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n";
  ScriptedHttpServer server(half_closing_after(head + "some bytes"));
  const Client client;
  Stream stream = run_until_complete(client.stream("GET", server.url()));
  CHECK(run_until_complete(stream.read()) == "some bytes");
  if (is_whole) {
    CHECK_FALSE(run_until_complete(stream.read()).has_value());
  } else {
    CHECK_THROWS_AS(run_until_complete(stream.read()), ConnectionLostError);
  }
}

TEST_CASE("A body that a server does not read to its end may still get an answer") {
  TestLoop loop;
  ScriptedHttpServer server(half_closing_after(answer("too large", "413 Content Too Large")));
  const Client client;
  const std::string body(200'000, 'x');
  const Response response = run_until_complete(client.post(server.url(), Body(body, "text/plain")));
  CHECK(response.status() == 413);
  CHECK(response.body() == "too large");
}

TEST_CASE("A kept connection that is closed as the next request leaves is made again for a GET") {
  TestLoop loop;
  int requests = 0;
  bool half_closes = false;
  ScriptedHttpServer server([&](ServerConnection& connection) {
    if (!connection.has_head()) return;
    connection.take_head();
    // The server's end of an idle time, which crosses the second request.
    if (++requests % 2 == 0) {
      if (half_closes) return connection.end_sending();
      return connection.close();
    }
    connection.send(answer("fine"));
  });
  half_closes = GENERATE(true, false);
  const Client client;
  CHECK(run_until_complete(client.get(server.url())).body() == "fine");
  CHECK(run_until_complete(client.get(server.url())).body() == "fine");
  CHECK(requests == 3);
  // A POST may have been done, so it is not sent again.
  CHECK_THROWS_AS(run_until_complete(client.post(server.url(), "x")), ConnectionLostError);
  CHECK(requests == 4);
}

TEST_CASE("A head may be as large as max_head says, and not a byte larger") {
  TestLoop loop;
  std::string whole = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n";
  for (int i = 0; i < 200; ++i)
    whole += "X-" + std::to_string(i) + ": " + std::string(1000, 'x') + "\r\n";
  whole += "\r\n";
  const auto server = ScriptedHttpServer::answering(whole + "ok");
  const Client enough({.max_head = whole.size()});
  const Response response = run_until_complete(enough.get(server->url()));
  CHECK(response.headers().size() == 201);
  const Client little({.max_head = whole.size() - 1});
  CHECK_THROWS_AS(run_until_complete(little.get(server->url())), ProtocolError);
}

}  // namespace
}  // namespace aiopyr::http

#include <string>

#include <catch2/catch.hpp>

#include "tests/unit/clients/http/client_test_support.h"

namespace aiopyr::http {
namespace {

using testing::answer;
using testing::echo;
using testing::has;
using testing::ScriptedHttpServer;
using testing::ServerConnection;

/// Redirects requests of `/from` with a status, and echoes all others.
ServerConnection::Handler redirecting(std::string status, std::string location) {
  return [=](ServerConnection& connection) {
    const bool is_whole = connection.has_head() && (!has(connection.received, "Content-Length: ") ||
                                                    connection.received.ends_with("body"));
    if (is_whole && has(connection.received, " /from ")) {
      connection.received.clear();
      connection.send(answer("", status, "Location: " + location + "\r\n"));
    } else {
      echo(connection);
    }
  };
}

TEST_CASE("Redirects are followed only where that is asked") {
  TestLoop loop;
  const ScriptedHttpServer server(redirecting("302 Found", "/to?x=1"));
  const Client client;
  const Response first = run_until_complete(client.get(server.url("/from")));
  CHECK(first.status() == 302);
  CHECK(first.header("Location") == "/to?x=1");
  const Response second =
      run_until_complete(client.get(server.url("/from"), {.follow_redirects = true}));
  CHECK(second.status() == 200);
  CHECK(second.url() == server.url("/to?x=1"));
  CHECK(second.text().starts_with("GET /to?x=1 "));
  CHECK(server.accepted() == 1);
}

TEST_CASE("Each status makes the method and the body of the next request") {
  struct Case {
    const char* status;
    const char* method;
    const char* next;
    bool keeps_body;
  };
  const auto each = GENERATE(values<Case>({{"301 M", "POST", "GET", false},
                                           {"302 F", "POST", "GET", false},
                                           {"301 M", "PUT", "PUT", true},
                                           {"302 F", "DELETE", "DELETE", true},
                                           {"303 S", "PUT", "GET", false},
                                           {"303 S", "POST", "GET", false},
                                           {"307 T", "POST", "POST", true},
                                           {"308 P", "POST", "POST", true}}));
  TestLoop loop;
  const ScriptedHttpServer server(redirecting(each.status, "/to"));
  const Client client({.follow_redirects = true});
  CAPTURE(each.status, each.method);
  const auto asked = run_until_complete(
      client.request(each.method, server.url("/from"), {.body = Body("body", "text/x")}));
  CHECK(asked.text().starts_with(std::string(each.next) + " /to "));
  CHECK(has(asked.body(), "\r\n\r\nbody") == each.keeps_body);
  CHECK(has(asked.body(), "Content-Type: text/x") == each.keeps_body);
}

TEST_CASE("What is secret stays with its origin") {
  TestLoop loop;
  const ScriptedHttpServer other(&echo);
  const ScriptedHttpServer server(redirecting("302 Found", other.url("/to")));
  const ScriptedHttpServer same(redirecting("302 Found", "/to"));
  const Client client(
      {.headers = {{"X-Api-Key", "k"}}, .follow_redirects = true, .secret_headers = {"x-api-key"}});
  const RequestOptions options{
      .headers = {{"Authorization", "Bearer t"}, {"Cookie", "c=1"}, {"X-Plain", "p"}}};
  auto asked = run_until_complete(client.get(server.url("/from"), options));
  CHECK(has(asked.body(), "X-Plain: p"));
  for (const char* const gone : {"Authorization", "Cookie", "X-Api-Key"}) {
    CHECK_FALSE(has(asked.body(), gone));
  }
  asked = run_until_complete(client.get(same.url("/from"), options));
  for (const char* const kept : {"Authorization: Bearer t", "Cookie: c=1", "X-Api-Key: k"}) {
    CHECK(has(asked.body(), kept));
  }
  const std::string port = std::to_string(server.port());
  asked = run_until_complete(client.get("http://user:secret@127.0.0.1:" + port + "/from"));
  CHECK_FALSE(has(asked.body(), "Authorization"));
}

TEST_CASE("Redirects that never end, or lead to nothing that is asked, are errors") {
  TestLoop loop;
  const Client client({.follow_redirects = true});
  SECTION("a loop") {
    const ScriptedHttpServer server(redirecting("302 Found", "/from"));
    CHECK_THROWS_AS(run_until_complete(client.get(server.url("/from"))), TooManyRedirectsError);
    CHECK(server.accepted() == 1);
  }
  SECTION("another scheme") {
    const std::string location =
        GENERATE("file:///etc/passwd", "ftp://127.0.0.1/", "javascript:alert(1)", "http:///x",
                 "http://127.0.0.1:0/");
    const ScriptedHttpServer server(redirecting("302 Found", location));
    CHECK_THROWS_AS(run_until_complete(client.get(server.url("/from"))), InvalidRequestError);
  }
  SECTION("a streamed body") {
    const ScriptedHttpServer server(redirecting("307 Temporary Redirect", "/to"));
    bool is_sent = false;
    auto next = [&]() -> Task<std::optional<std::string>> {
      if (std::exchange(is_sent, true)) co_return std::nullopt;
      co_return "body";
    };
    auto asked = client.post(server.url("/from"), stream_body(next, "text/plain", 4));
    CHECK_THROWS_AS(run_until_complete(std::move(asked)), InvalidRequestError);
  }
}

TEST_CASE("Only idempotent requests are tried again, as often as is asked") {
  TestLoop loop;
  int requests = 0;
  ScriptedHttpServer server([&](ServerConnection& connection) {
    if (!connection.has_head()) return;
    ++requests;
    if (requests < 3) return connection.reset();
    connection.take_head();
    connection.send(answer("third"));
  });
  const Client client;
  CHECK_THROWS_AS(run_until_complete(client.get(server.url())), ConnectionLostError);
  CHECK(requests == 1);
  CHECK_THROWS_AS(run_until_complete(client.post(server.url(), "", {.retries = 5})),
                  ConnectionLostError);
  CHECK(requests == 2);
  requests = 0;
  CHECK(run_until_complete(client.get(server.url(), {.retries = 2})).body() == "third");
}

TEST_CASE("A kept connection that has died is made again for a GET, and an error for a POST") {
  TestLoop loop;
  int requests = 0;
  ScriptedHttpServer server([&](ServerConnection& connection) {
    if (!connection.has_head()) return;
    connection.take_head();
    // Dies when the second request comes.
    if (++requests % 2 == 0) return connection.reset();
    connection.send(answer("fine"));
  });
  const Client client;
  CHECK(run_until_complete(client.get(server.url())).body() == "fine");
  CHECK(run_until_complete(client.get(server.url())).body() == "fine");
  CHECK(requests == 3);
  try {
    static_cast<void>(run_until_complete(client.post(server.url(), "x")));
    FAIL("it was answered");
  } catch (const ConnectionLostError& error) {
    CHECK(error.retry() == Retry::kUnsafe);
  }
  CHECK(requests == 4);
}

}  // namespace
}  // namespace aiopyr::http

#include <cstdio>
#include <fstream>
#include <optional>
#include <string>

#include <catch2/catch.hpp>

#include "tests/unit/clients/http/client_test_support.h"
#include "tests/unit/support/temporary_folder.h"
#include <aiopyr/http_json.h>
#include <aiopyr/runtime/async/waits/sleep.h>

namespace aiopyr::http {
namespace {

using testing::answer;
using testing::echo;
using testing::has;
using testing::ScriptedHttpServer;
using testing::ServerConnection;
using testing::turn_until;

TEST_CASE("Each kind of body is sent with its type and its length") {
  TestLoop loop;
  const ScriptedHttpServer server(&echo);
  const Client client;
  const std::string url = server.url();
  std::string asked = run_until_complete(client.post(url, "plain")).body();
  CHECK(asked.starts_with("POST / HTTP/1.1\r\n"));
  CHECK(has(asked, "Content-Length: 5\r\n"));
  CHECK_FALSE(has(asked, "Content-Type"));
  CHECK_FALSE(has(asked, "Expect"));
  CHECK(asked.ends_with("\r\n\r\nplain"));
  asked = run_until_complete(client.put(url, json_body({{"a", 1}}))).body();
  CHECK(asked.starts_with("PUT / "));
  CHECK(has(asked, "Content-Type: application/json\r\n"));
  CHECK(asked.ends_with("{\"a\":1}"));
  asked = run_until_complete(client.patch(url, form({{"a b", "c&d"}, {"e", "\xc3\xa4"}}))).body();
  CHECK(has(asked, "Content-Type: application/x-www-form-urlencoded\r\n"));
  CHECK(asked.ends_with("a+b=c%26d&e=%C3%A4"));
  asked = run_until_complete(client.post(url, Body())).body();
  CHECK(has(asked, "Content-Length: 0\r\n"));
  CHECK_FALSE(has(asked, "Content-Type"));
  asked = run_until_complete(client.delete_(url, {.body = "x"})).body();
  CHECK(asked.starts_with("DELETE / "));
  CHECK(asked.ends_with("\r\n\r\nx"));
  asked = run_until_complete(client.delete_(url)).body();
  CHECK_FALSE(has(asked, "Content-Length"));
  asked = run_until_complete(client.request("PURGE", url)).body();
  CHECK(asked.starts_with("PURGE / "));
  CHECK(server.accepted() == 1);
}

TEST_CASE("A large body is sent while the server reads it") {
  TestLoop loop;
  const std::string large(5'000'000, 'x');
  const ScriptedHttpServer server([&](ServerConnection& connection) {
    if (connection.received.size() > large.size()) connection.send(answer("got it"));
  });
  const Client client;
  CHECK(run_until_complete(client.post(server.url(), large)).body() == "got it");
}

TEST_CASE("A query is added to that of the URL") {
  TestLoop loop;
  const ScriptedHttpServer server(&echo);
  const Client client({.headers = {{"X-Mine", "1"}, {"X-Other", "2"}}});
  const auto asked = run_until_complete(
      client.get(server.url("/p?x=1"), {.headers = {{"x-other", "3"}}, .query = {{"q", "a b&c"}}}));
  CHECK(asked.text().starts_with("GET /p?x=1&q=a+b%26c HTTP/1.1\r\n"));
  CHECK(has(asked.body(), "X-Mine: 1\r\n"));
  CHECK(has(asked.body(), "x-other: 3\r\n"));
  CHECK_FALSE(has(asked.body(), "X-Other: 2"));
}

TEST_CASE("User and password of a URL become a header and are in no message") {
  TestLoop loop;
  const ScriptedHttpServer server(&echo);
  const Client client;
  const std::string port = std::to_string(server.port());
  const auto asked =
      run_until_complete(client.get("http://user:se%3Acret@127.0.0.1:" + port + "/"));
  CHECK(has(asked.body(), "Authorization: Basic dXNlcjpzZTpjcmV0\r\n"));
  CHECK_FALSE(has(asked.url(), "cret"));
  try {
    static_cast<void>(
        run_until_complete(client.get("http://user:secret@127.0.0.1:1/x?key=secret")));
    FAIL("it was answered");
  } catch (const ConnectError& error) {
    CHECK_FALSE(has(error.what(), "secret"));
  }
}

/// Gives the numbers from 0 to 99 as pieces, each after a turn.
Task<std::optional<std::string>> next_number(int* count) {
  co_await sleep(0);
  if (*count == 100) co_return std::nullopt;
  co_return std::to_string((*count)++) + " ";
}

TEST_CASE("A streamed body is sent piece by piece, in chunks where its length is unknown") {
  TestLoop loop;
  const ScriptedHttpServer server(&echo);
  const Client client;
  int count = 0;
  auto next = [&count] { return next_number(&count); };
  std::string asked = run_until_complete(client.post(server.url(), stream_body(next))).body();
  CHECK(has(asked, "Transfer-Encoding: chunked\r\n"));
  CHECK(has(asked, "Content-Type: application/octet-stream\r\n"));
  CHECK(has(asked, "2\r\n0 \r\n"));
  CHECK(has(asked, "3\r\n99 \r\n"));
  count = 90;
  asked = run_until_complete(client.post(server.url(), stream_body(next, "text/plain", 30))).body();
  CHECK(has(asked, "Content-Length: 30\r\n"));
  CHECK(asked.ends_with("90 91 92 93 94 95 96 97 98 99 "));
  CHECK(server.accepted() == 1);
}

TEST_CASE("A streamed body that fails, or has another length than told, fails its request") {
  TestLoop loop;
  ScriptedHttpServer server([](ServerConnection&) {});
  const Client client;
  int count = 90;
  auto next = [&count] { return next_number(&count); };
  CHECK_THROWS_AS(
      run_until_complete(client.post(server.url(), stream_body(next, "text/plain", 31))),
      InvalidRequestError);
  auto failing = []() -> Task<std::optional<std::string>> {
    co_await sleep(0);
    throw KeyError("the source is gone");
  };
  CHECK_THROWS_AS(run_until_complete(client.post(server.url(), stream_body(failing))), KeyError);
}

TEST_CASE("Nothing of a streamed body is sent beyond its length") {
  TestLoop loop;
  ScriptedHttpServer server([](ServerConnection&) {});
  const Client client;
  int count = 90;
  auto next = [&count] { return next_number(&count); };
  CHECK_THROWS_AS(run_until_complete(client.post(server.url(), stream_body(next, "text/plain", 4))),
                  InvalidRequestError);
  take_turns(loop, 5);
  CHECK(server.connection().received.ends_with("\r\n\r\n90 "));
}

TEST_CASE("The type of a body adds no line to the head") {
  TestLoop loop;
  const Client client;
  const Body body("x", "text/plain\r\nX-Admin: 1");
  CHECK_THROWS_AS(run_until_complete(client.post("http://127.0.0.1:1/", body)),
                  InvalidRequestError);
}

TEST_CASE("A request with a streamed body that is destroyed at any turn destroys its source") {
  TestLoop loop;
  const ScriptedHttpServer server(&echo);
  const Client client({.limits = {.connections = 1}});
  for (int turns = 0; turns < 60; ++turns) {
    int count = 0;
    auto task =
        spawn(client.post(server.url(), stream_body([&count] { return next_number(&count); })));
    take_turns(loop, turns);
    task.cancel();
    take_turns(loop, 1);
    CHECK(run_until_complete(client.get(server.url())).status() == 200);
  }
}

TEST_CASE("A form with files is read from disk in the executor") {
  TestLoop loop;
  const ScriptedHttpServer server(&echo);
  const Client client;
  const TemporaryFolder folder;
  const std::string path = folder.path() / "report.txt";
  const std::string content(600'000, 'r');
  std::ofstream(path) << content;
  Multipart parts;
  parts.field("title", "A \"b\"").file("up\"load", path, "text/plain");
  const auto asked = run_until_complete(client.post(server.url(), multipart(parts)));
  CHECK(has(asked.body(), "Content-Type: multipart/form-data; boundary=aiopyr-"));
  CHECK(has(asked.body(), "Content-Disposition: form-data; name=\"title\"\r\n\r\nA \"b\"\r\n"));
  CHECK(has(asked.body(),
            "name=\"up%22load\"; filename=\"report.txt\"\r\nContent-Type: text/plain"
            "\r\n\r\n" +
                content + "\r\n--aiopyr-"));
  CHECK(asked.body().ends_with("--\r\n"));
  std::remove(path.c_str());
  CHECK_THROWS_WITH(run_until_complete(client.post(server.url(), multipart(parts))),
                    Catch::Matchers::Contains("report.txt"));
}

}  // namespace
}  // namespace aiopyr::http

#include <cstdlib>
#include <memory>
#include <string>

#include <catch2/catch.hpp>

#include "tests/unit/clients/http/client_test_support.h"
#include <aiopyr/clients/http/proxy.h>
#include <aiopyr/runtime/async/tasks/task_context.h>

namespace aiopyr::http {
namespace {

using testing::answer;
using testing::echo;
using testing::has;
using testing::ScriptedHttpServer;
using testing::ServerConnection;

TEST_CASE("Cookies are kept and sent only with a jar") {
  TestLoop loop;
  ScriptedHttpServer server([](ServerConnection& connection) {
    if (!connection.has_head()) return;
    const bool sets = has(connection.received, " /set ");
    if (!sets) return echo(connection);
    connection.take_head();
    connection.send(answer("", "200 OK",
                           "Set-Cookie: a=1; Path=/\r\nSet-Cookie: b=2; Path=/deep\r\n"
                           "Set-Cookie: c=3; Domain=example.com\r\n"));
  });
  auto jar = std::make_shared<CookieJar>();
  const Client with({.cookies = jar});
  const Client without;
  static_cast<void>(run_until_complete(with.get(server.url("/set"))));
  CHECK(has(run_until_complete(with.get(server.url("/"))).body(), "Cookie: a=1\r\n"));
  CHECK(has(run_until_complete(with.get(server.url("/deep"))).body(), "b=2"));
  static_cast<void>(run_until_complete(without.get(server.url("/set"))));
  CHECK_FALSE(has(run_until_complete(without.get(server.url("/"))).body(), "Cookie"));
  CHECK(jar->lines().size() == 2);
  jar->add("e=5; Domain=127.0.0.1; Path=/");
  CHECK_THROWS_AS(jar->add("e=5\r\nX: y"), InvalidRequestError);
  jar->clear();
  CHECK(jar->lines().empty());
}

TEST_CASE("A proxy gets the whole URL, and the credentials of its own URL") {
  TestLoop loop;
  const ScriptedHttpServer proxy(&echo);
  const Client client({.proxy = "http://user:secret@127.0.0.1:" + std::to_string(proxy.port())});
  const auto asked = run_until_complete(client.get("http://example.invalid/x"));
  CHECK(asked.text().starts_with("GET http://example.invalid/x HTTP/1.1\r\n"));
  CHECK(has(asked.body(), "Proxy-Authorization: Basic dXNlcjpzZWNyZXQ=\r\n"));
}

TEST_CASE("A proxy gets user and password as they are, whatever they hold") {
  TestLoop loop;
  const ScriptedHttpServer proxy(&echo);
  const Client client(
      {.proxy = "http://a%3Ab:%2541%20%25@127.0.0.1:" + std::to_string(proxy.port())});
  const auto asked = run_until_complete(client.get("http://example.invalid/"));
  CHECK(has(asked.body(), "Proxy-Authorization: Basic YTpiOiU0MSAl\r\n"));  // a:b:%41 %
}

TEST_CASE("The environment's exceptions are not those of a proxy that is given") {
  TestLoop loop;
  const ScriptedHttpServer proxy(&echo);
  const auto direct = ScriptedHttpServer::answering(answer("direct"));
  const Client client({.proxy = proxy.url("")});
  ::setenv("no_proxy", "*", 1);
  const auto asked = run_until_complete(client.get(direct->url()));
  ::unsetenv("no_proxy");
  CHECK(asked.text().starts_with("GET " + direct->url() + " HTTP/1.1\r\n"));
  CHECK(direct->accepted() == 0);
}

TEST_CASE("A tunnel that the proxy refuses is an error of connecting") {
  TestLoop loop;
  ScriptedHttpServer proxy([](ServerConnection& connection) {
    if (connection.take_head().starts_with("CONNECT example.invalid:443 ")) {
      connection.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
    }
  });
  const Client client({.proxy = proxy.url("")});
  CHECK_THROWS_AS(run_until_complete(client.get("https://example.invalid/")), ConnectError);
}

TEST_CASE("The environment's proxies count only where that is asked") {
  ::setenv("http_proxy", "proxy.invalid:3128", 1);
  ::setenv("no_proxy", "localhost, .example.org", 1);
  const Proxies asked({.proxy_from_environment = true});
  const Proxies not_asked({});
  ::unsetenv("http_proxy");
  ::unsetenv("no_proxy");
  const Proxy* const found = asked.find(Url::parse("http://a.test/"));
  REQUIRE(found != nullptr);
  CHECK(found->url == "http://proxy.invalid:3128");
  CHECK(asked.find(Url::parse("https://a.test/")) == nullptr);
  CHECK(asked.find(Url::parse("http://localhost/")) == nullptr);
  CHECK(asked.find(Url::parse("http://www.example.org/")) == nullptr);
  CHECK(asked.find(Url::parse("http://notexample.org/")) != nullptr);
  CHECK(not_asked.find(Url::parse("http://a.test/")) == nullptr);
  CHECK(parse_proxy("socks5://u:p@[::1]:9").url == "socks5h://[::1]:9");
  CHECK_THROWS_AS(parse_proxy("ftp://x"), ConfigurationError);
}

/// A request with identifiers.
struct TracedContext final : TaskContext {
  std::string_view request_id() override { return "id-1"; }
  std::string_view traceparent() override { return "00-0af7651916cd43dd8448eb211c80319c-01-01"; }
  std::string_view tracestate() override { return "a=b"; }
};

std::string ask_for(TaskContext& context, const Client& client, const std::string& url,
                    RequestOptions options = {}) {
  auto task = client.get(url, std::move(options));
  task.set_context(&context);
  return run_until_complete(std::move(task)).body();
}

TEST_CASE("The identifiers of the current request are passed on where the options say so") {
  TestLoop loop;
  const ScriptedHttpServer server(&echo);
  TracedContext context;
  const Client client;
  std::string asked = ask_for(context, client, server.url());
  CHECK(has(asked, "X-Request-ID: id-1\r\n"));
  CHECK(has(asked, "traceparent: 00-0af7651916cd43dd8448eb211c80319c-01-01\r\n"));
  CHECK(has(asked, "tracestate: a=b\r\n"));
  asked = ask_for(context, client, server.url(),
                  {.headers = {{"x-request-id", "own"}, {"Traceparent", "t"}}});
  CHECK(has(asked, "x-request-id: own\r\n"));
  CHECK_FALSE(has(asked, "id-1"));
  CHECK_FALSE(has(asked, "tracestate"));
  asked = ask_for(context, Client({.pass_on = {.to_all = false}}), server.url());
  CHECK_FALSE(has(asked, "id-1"));
  const Client listed({.pass_on = {.to_all = false, .hosts = {"127.0.0.1"}}});
  CHECK(has(ask_for(context, listed, server.url()), "id-1"));
}

}  // namespace
}  // namespace aiopyr::http

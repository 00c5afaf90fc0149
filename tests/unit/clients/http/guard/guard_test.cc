#include <string>

#include <catch2/catch.hpp>

#include "tests/unit/clients/http/client_test_support.h"
#include <aiopyr/clients/base/resolve.h>

namespace aiopyr::http {
namespace {

using testing::answer;
using testing::ScriptedHttpServer;
using testing::ServerConnection;

bool is_public_text(const std::string& host) {
  const auto addresses = run_until_complete(clients::resolve(host, 80, 1));
  return is_public(addresses.front().get());
}

TEST_CASE("Only addresses of the public Internet are public") {
  TestLoop loop;
  for (const char* const host :
       {"1.1.1.1", "8.8.8.8", "93.184.216.34", "100.63.255.255", "100.128.0.1", "172.15.0.1",
        "172.32.0.1", "192.167.1.1", "198.17.0.1", "223.255.255.255", "2606:4700::1111",
        "2a00:1450:4001::1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:0808:0808::1"}) {
    CAPTURE(host);
    CHECK(is_public_text(host));
  }
  for (const char* const host : {"0.0.0.0",
                                 "0.1.2.3",
                                 "10.0.0.1",
                                 "10.255.255.255",
                                 "100.64.0.1",
                                 "100.127.255.255",
                                 "127.0.0.1",
                                 "127.255.255.254",
                                 "168.63.129.16",
                                 "169.254.169.254",
                                 "172.16.0.1",
                                 "172.31.255.255",
                                 "192.0.0.1",
                                 "192.0.2.1",
                                 "192.88.99.1",
                                 "192.168.0.1",
                                 "198.18.0.1",
                                 "198.19.255.255",
                                 "198.51.100.1",
                                 "203.0.113.1",
                                 "224.0.0.1",
                                 "239.255.255.255",
                                 "240.0.0.1",
                                 "255.255.255.255",
                                 "::",
                                 "::1",
                                 "::7f00:1",
                                 "::ffff:127.0.0.1",
                                 "::ffff:10.0.0.1",
                                 "::ffff:0:127.0.0.1",
                                 "64:ff9b::127.0.0.1",
                                 "64:ff9b::10.0.0.1",
                                 "64:ff9b:1::10.0.0.1",
                                 "100::1",
                                 "fe80::1",
                                 "febf::1",
                                 "fec0::1",
                                 "fc00::1",
                                 "fd00:ec2::254",
                                 "ff02::1",
                                 "2001:db8::1",
                                 "3fff::1",
                                 "2001:2::1",
                                 "2001:10::1",
                                 "2001:20::1",
                                 "2002:7f00:1::1",
                                 "2002:0a00:1::",
                                 "2001:0:7f00:1::",
                                 "2001:0:808:808:0:0:80ff:fffe",
                                 "2606:4700::5efe:127.0.0.1",
                                 "5f00::1"}) {
    CAPTURE(host);
    CHECK_FALSE(is_public_text(host));
  }
}

TEST_CASE("A guarded request refuses every way to write an address that is not public") {
  TestLoop loop;
  const auto server = ScriptedHttpServer::answering(answer("secret"));
  const Client client({.guard = public_only({80, server->port()})});
  const std::string port = ":" + std::to_string(server->port()) + "/";
  for (const char* const host : {"127.0.0.1",
                                 "2130706433",
                                 "0x7f.1",
                                 "0x7f000001",
                                 "0177.0.0.1",
                                 "017700000001",
                                 "127.1",
                                 "127.0.1",
                                 "localhost",
                                 "LOCALHOST",
                                 "localhost.",
                                 "0",
                                 "0.0.0.0",
                                 "[::1]",
                                 "[::]",
                                 "[::ffff:127.0.0.1]",
                                 "[::ffff:7f00:1]",
                                 "[0:0:0:0:0:ffff:7f00:0001]",
                                 "[64:ff9b::7f00:1]",
                                 "%31%32%37.0.0.1",
                                 "user@127.0.0.1",
                                 "8.8.8.8@127.0.0.1",
                                 "169.254.169.254",
                                 "[fd00:ec2::254]",
                                 "10.0.0.1",
                                 "192.168.1.1",
                                 "\xef\xbc\x91\xef\xbc\x92\xef\xbc\x97\xe3\x80\x82"
                                 "0\xe3\x80\x82"
                                 "0\xe3\x80\x82"
                                 "1"}) {
    CAPTURE(host);
    try {
      static_cast<void>(run_until_complete(client.get("http://" + std::string(host) + port)));
      FAIL("it was answered");
    } catch (const InvalidRequestError&) {
    } catch (const ConnectError& error) {
      // No such name here: it was looked up, and nothing was connected to.
      CHECK(std::string(error.what()).find("cannot look up") != std::string::npos);
    }
  }
  CHECK(server->accepted() == 0);
  const Client open;
  CHECK(run_until_complete(open.get("http://2130706433" + port)).body() == "secret");
}

TEST_CASE("A guarded request goes to its ports only, and to no proxy or Unix socket") {
  TestLoop loop;
  const Client client({.guard = public_only()});
  CHECK_THROWS_AS(run_until_complete(client.get("http://8.8.8.8:22/")), ForbiddenUrlError);
  CHECK_THROWS_AS(run_until_complete(client.get("http://8.8.8.8:8080/")), ForbiddenUrlError);
  const auto proxy = ScriptedHttpServer::answering(answer("proxied"));
  const Client proxied({.guard = public_only({}), .proxy = proxy->url("")});
  CHECK_THROWS_AS(run_until_complete(proxied.get("http://127.0.0.1/")), ForbiddenUrlError);
  CHECK(proxy->accepted() == 0);
  const auto server = ScriptedHttpServer::answering(answer("by TCP"));
  const Client local(
      {.guard = public_only({}).also_allow("127.0.0.1"), .unix_socket = "/nowhere/a.sock"});
  CHECK(run_until_complete(local.get(server->url())).body() == "by TCP");
}

TEST_CASE("A guard checks each redirect") {
  TestLoop loop;
  for (const char* const host : {"127.0.0.2", "0x7f.2", "[::1]", "10.0.0.1", "169.254.169.254"}) {
    const auto target = ScriptedHttpServer::answering(answer("secret"));
    const std::string location =
        "http://" + std::string(host) + ":" + std::to_string(target->port()) + "/";
    const auto server =
        ScriptedHttpServer::answering(answer("", "302 Found", "Location: " + location + "\r\n"));
    const Client client(
        {.follow_redirects = true, .guard = public_only({}).also_allow("127.0.0.1")});
    CHECK_THROWS_AS(run_until_complete(client.get(server->url())), ForbiddenUrlError);
    CHECK(server->accepted() == 1);
    CHECK(target->accepted() == 0);
  }
  CHECK_THROWS_AS(public_only().also_allow("localhost"), ConfigurationError);
}

TEST_CASE("A relative URL leads where libcurl would go") {
  Url url = Url::parse("http://8.8.8.8/");
  Url next = url.resolve("http://0x7f.1/");
  CHECK(next.host() == "127.0.0.1");
  CHECK(url.resolve("//[::1]:81/x").origin() == "http://[::1]:81");
  CHECK(url.resolve("https://EXAMPLE.com/").origin() == "https://example.com:443");
}

TEST_CASE("A guarded request does not use a connection that was made without a guard") {
  TestLoop loop;
  const auto server = ScriptedHttpServer::answering(answer("secret"));
  const Client client;
  const std::string url = "http://localhost:" + std::to_string(server->port()) + "/";
  CHECK(run_until_complete(client.get(url)).body() == "secret");
  CHECK_THROWS_AS(run_until_complete(client.get(url, {.guard = public_only({})})),
                  ForbiddenUrlError);
}

}  // namespace
}  // namespace aiopyr::http

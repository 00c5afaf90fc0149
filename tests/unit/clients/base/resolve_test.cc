#include <string>

#include <catch2/catch.hpp>

#include <aiopyr/clients/base/resolve.h>
#include <aiopyr/runtime/async/loop/ev_loop.h>
#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/async/tasks/spawn.h>
#include <aiopyr/runtime/base/errors.h>

using namespace aiopyr;
using namespace aiopyr::clients;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

TEST_CASE("a numeric address is not looked up: nothing waits for a thread") {
  TestLoop loop;
  auto task = resolve("127.0.0.1", 80, 1s);
  CHECK(task.start([](void*) {}, nullptr));
  const auto addresses = task.take_result();
  REQUIRE(addresses.size() == 1);
  CHECK(addresses[0].family() == AF_INET);
  CHECK(addresses[0].host() == "127.0.0.1");
  const auto ipv6 = run_until_complete(resolve("::1", 80, 1s));
  REQUIRE(ipv6.size() == 1);
  CHECK(ipv6[0].family() == AF_INET6);
  CHECK(ipv6[0].host() == "::1");
}

TEST_CASE("a name is looked up in a thread") {
  EvLoop loop;
  const auto addresses = run_until_complete(resolve("localhost", 80, 60s));
  REQUIRE_FALSE(addresses.empty());
  CHECK((addresses[0].host() == "127.0.0.1" || addresses[0].host() == "::1"));
}

TEST_CASE("a name that does not exist is an error that names it") {
  EvLoop loop;
  CHECK_THROWS_WITH(run_until_complete(resolve("no such host", 80, 60s)), Contains("no such host"));
}

TEST_CASE("a Unix path becomes an address, unless it is too long") {
  const Address address = unix_address("/run/x.sock");
  CHECK(address.family() == AF_UNIX);
  CHECK(address.host() == "/run/x.sock");
  CHECK_THROWS_AS(unix_address(std::string(200, 'x')), ConfigurationError);
}

#include <vector>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/websocket/session/pings.h>

namespace aiopyr::websocket {
namespace {

using namespace std::chrono_literals;

struct PingsFixture {
  std::vector<Duration> pong(std::string_view payload) {
    std::vector<Duration> observed;
    pings.take_pong(payload, [&](Duration latency) { observed.push_back(latency); });
    return observed;
  }

  void pass(Duration time) {
    loop.advance(time);
    loop.run_once(false);
  }

  TestLoop loop;
  Pings pings;
};

TEST_CASE("Pings are numbered, and carry their number") {
  PingsFixture f;
  CHECK(f.pings.next() == 1);
  CHECK(Pings::payload_of(f.pings.next()) == "2");
}

TEST_CASE("A pong answers all pings up to the one that carried its payload") {
  PingsFixture f;
  Pings::Wait one("1", f.loop.now());
  f.pings.add(one);
  f.pass(2s);
  Pings::Wait two("2", f.loop.now());
  Pings::Wait three("3", f.loop.now());
  f.pings.add(two);
  f.pings.add(three);
  f.pass(1s);
  CHECK(f.pong("2") == std::vector<Duration>{3s, 1s});
  CHECK(one.latency() == Duration(3s));
  CHECK(two.latency() == Duration(1s));
  CHECK_FALSE(three.is_done());
}

TEST_CASE("A pong that nobody asked for answers nothing") {
  PingsFixture f;
  CHECK(f.pong("1").empty());
  Pings::Wait wait("1", f.loop.now());
  f.pings.add(wait);
  CHECK(f.pong("2").empty());
  CHECK_FALSE(wait.is_done());
}

TEST_CASE("At the end of a connection pings are done without an answer") {
  PingsFixture f;
  f.pings.end();
  Pings::Wait wait("1", f.loop.now());
  f.pings.add(wait);
  {
    Pings::Wait cancelled("2", f.loop.now());
    f.pings.add(cancelled);
  }
  f.pings.end();
  CHECK(wait.is_done());
  CHECK_FALSE(wait.latency());
}

}  // namespace
}  // namespace aiopyr::websocket

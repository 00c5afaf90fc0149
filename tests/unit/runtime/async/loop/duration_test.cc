#include <chrono>
#include <cmath>
#include <limits>
#include <ratio>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/async/loop/duration.h>

using namespace aiopyr;
using namespace std::chrono_literals;

namespace {

Duration taken(Seconds seconds) { return seconds; }

}  // namespace

TEST_CASE("Seconds are made from numbers and from durations alike") {
  CHECK(taken(2) == 2s);
  CHECK(taken(0.5) == 500ms);
  CHECK(taken(0.25F) == 250ms);
  CHECK(taken(3U) == 3s);
  CHECK(taken(1500ms) == 1500ms);
  CHECK(taken(2h) == 7200s);
  CHECK(taken(std::chrono::duration<double>(0.5)) == 500ms);
  CHECK(taken(Duration(7)) == Duration(7));
  STATIC_REQUIRE(Seconds(0.5) == Seconds(500ms));
  STATIC_REQUIRE_FALSE(std::is_convertible_v<const char*, Seconds>);
}

TEST_CASE("Seconds are rounded up, so that no wait ends early") {
  CHECK(taken(1e-12) == Duration(1));
  CHECK(taken(std::chrono::duration<int, std::pico>(1)) == Duration(1));
  CHECK(taken(std::chrono::duration<double, std::nano>(1.5)) == Duration(2));
}

TEST_CASE("Seconds that are negative or not a number are zero") {
  CHECK(taken(-1) == Duration::zero());
  CHECK(taken(-1ns) == Duration::zero());
  CHECK(taken(Duration::min()) == Duration::zero());
  CHECK(taken(-std::numeric_limits<double>::infinity()) == Duration::zero());
  CHECK(taken(std::nan("")) == Duration::zero());
  CHECK(taken(std::chrono::duration<double>(std::nan(""))) == Duration::zero());
}

TEST_CASE("Seconds that the clock cannot count are the longest there are") {
  CHECK(taken(std::numeric_limits<double>::infinity()) == Seconds::longest());
  CHECK(taken(1e300) == Seconds::longest());
  CHECK(taken(std::chrono::hours::max()) == Seconds::longest());
  CHECK(taken(Duration::max()) == Seconds::longest());
  CHECK(taken(std::chrono::years(70)) < Seconds::longest());
  CHECK(Clock::now() + Seconds::longest() > Clock::now());
}

TEST_CASE("Seconds say how many they are") {
  CHECK(Seconds(0.5).count() == 0.5);
  CHECK(Seconds(1500ms).count() == 1.5);
}

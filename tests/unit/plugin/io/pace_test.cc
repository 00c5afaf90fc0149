#include <chrono>

#include <catch2/catch.hpp>

#include <aiopyr/plugin/io/pace.h>

namespace aiopyr::plugin {
namespace {

using std::chrono::seconds;

TEST_CASE("A client gets a second more for each 500 bytes that it has sent") {
  CHECK(allowance(20, 0) == seconds(20));
  CHECK(allowance(20, 5000) == seconds(30));
  CHECK(allowance(0, 0) > std::chrono::hours(24 * 365));
}

TEST_CASE("A client that moves enough in each period goes on for ever") {
  const TimePoint begin{};
  Pace pace;
  pace.begin({.seconds = 10}, begin, 0);
  std::size_t bytes = 0;
  TimePoint now = begin;
  for (int i = 0; i < 100; ++i) {
    now += seconds(10);
    bytes += 5000;
    CHECK(pace.end(now, bytes) > now);
  }
}

TEST_CASE("What a client has moved before buys it nothing") {
  const TimePoint begin{};
  Pace pace;
  pace.begin({.seconds = 10}, begin, 0);
  CHECK(pace.end(begin + seconds(10), 1'000'000) == begin + seconds(20));
  CHECK(pace.end(begin + seconds(20), 1'000'000 + 4999) == begin + seconds(20));
}

TEST_CASE("A client keeps to the rate over all of its time, however it spreads its bytes") {
  const TimePoint begin{};
  Pace pace;
  pace.begin({.seconds = 10, .overall = 1000}, begin, 7);
  CHECK(pace.end(begin + seconds(9), 7) == begin + seconds(10));
  CHECK(pace.end(begin + seconds(10), 7 + 12'000) == begin + seconds(20));
  CHECK(pace.average(begin + seconds(10), 7 + 12'000) == Approx(1200));
  // The client has moved enough in the period, and in all.
  CHECK(pace.end(begin + seconds(20), 7 + 20'000) == begin + seconds(30));
  // The client has moved enough in the period, but not in all.
  CHECK(pace.end(begin + seconds(30), 7 + 26'000) == begin + seconds(30));
}

TEST_CASE("A client that moves less than it had counts as one that moves nothing") {
  const TimePoint begin{};
  Pace pace;
  pace.begin({.seconds = 10, .overall = 1}, begin, 100);
  CHECK(pace.average(begin, 100) > 1e9);
  CHECK(pace.average(begin + seconds(1), 50) == 0);
}

TEST_CASE("Without a time any pace will do") {
  const TimePoint begin{};
  Pace pace;
  pace.begin({.seconds = 0, .overall = 1000}, begin, 0);
  CHECK(pace.end(begin + seconds(3600), 0) > begin + seconds(1'000'000));
}

}  // namespace
}  // namespace aiopyr::plugin

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
  pace.begin(10, begin, 0);
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
  pace.begin(10, begin, 0);
  CHECK(pace.end(begin + seconds(10), 1'000'000) == begin + seconds(20));
  CHECK(pace.end(begin + seconds(20), 1'000'000 + 4999) == begin + seconds(20));
}

}  // namespace
}  // namespace aiopyr::plugin

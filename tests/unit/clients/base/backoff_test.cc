#include <catch2/catch.hpp>

#include <aiopyr/clients/base/backoff.h>

using namespace aiopyr;
using namespace aiopyr::clients;
using namespace std::chrono_literals;

namespace {

const TimePoint kNow{1h};

}  // namespace

TEST_CASE("a server that has not failed may be tried") {
  CHECK(Backoff().may_try(kNow));
  CHECK_FALSE(Backoff().until().has_value());
}

TEST_CASE("the delay doubles with each failure, up to the limit") {
  Backoff backoff({100ms, 1s});
  for (const Duration expected : {100ms, 200ms, 400ms, 800ms, 1000ms, 1000ms}) {
    backoff.failed(kNow, 1);
    CHECK(*backoff.until() == kNow + expected);
  }
  for (int i = 0; i < 100; ++i) backoff.failed(kNow, 1);
  CHECK(*backoff.until() == kNow + 1s);
  CHECK(backoff.failures() == 106);
}

TEST_CASE("half of the delay is left to chance") {
  Backoff backoff({100ms, 1s});
  backoff.failed(kNow, 0);
  CHECK(*backoff.until() == kNow + 50ms);
  CHECK_FALSE(backoff.may_try(kNow + 49ms));
  CHECK(backoff.may_try(kNow + 50ms));
}

TEST_CASE("a success ends the back-off") {
  Backoff backoff({100ms, 1s});
  backoff.failed(kNow, 1);
  backoff.failed(kNow, 1);
  backoff.succeeded();
  CHECK(backoff.may_try(kNow));
  backoff.failed(kNow, 1);
  CHECK(*backoff.until() == kNow + 100ms);
}

TEST_CASE("chances lie between 0 and 1 and differ") {
  const double first = random_chance();
  bool differs = false;
  for (int i = 0; i < 100; ++i) {
    const double next = random_chance();
    CHECK((next >= 0 && next <= 1));
    differs = differs || next != first;
  }
  CHECK(differs);
}

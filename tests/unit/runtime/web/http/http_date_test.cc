#include <catch2/catch.hpp>

#include <aiopyr/runtime/web/http/http_date.h>

using namespace aiopyr;
using std::chrono::system_clock;

namespace {

std::time_t seconds_of(std::string_view text) {
  const auto time = parse_http_date(text);
  return time ? system_clock::to_time_t(*time) : -1;
}

}  // namespace

TEST_CASE("all three forms of a date are read", "[web][http_date]") {
  CHECK(seconds_of("Sun, 06 Nov 1994 08:49:37 GMT") == 784111777);
  CHECK(seconds_of("Sunday, 06-Nov-94 08:49:37 GMT") == 784111777);
  CHECK(seconds_of("Sun Nov  6 08:49:37 1994") == 784111777);
}

TEST_CASE("a date is written as RFC 9110 wants it, and with dashes for cookies",
          "[web][http_date]") {
  const auto time = system_clock::from_time_t(784111777);
  CHECK(http_date(time) == "Sun, 06 Nov 1994 08:49:37 GMT");
  CHECK(cookie_date(time) == "Sun, 06-Nov-1994 08:49:37 GMT");
  CHECK(http_date(system_clock::from_time_t(0)) == "Thu, 01 Jan 1970 00:00:00 GMT");
  CHECK(http_date(system_clock::from_time_t(-8520336000)) == "Fri, 01 Jan 1700 00:00:00 GMT");
}

TEST_CASE("a date that was written is read back", "[web][http_date]") {
  const auto time = system_clock::from_time_t(1400000000);
  CHECK(parse_http_date(http_date(time)) == time);
  CHECK(parse_http_date(cookie_date(time)) == time);
}

TEST_CASE("parameters behind a date are left out", "[web][http_date]") {
  CHECK(seconds_of("Sun, 06 Nov 1994 08:49:37 GMT; length=12") == 784111777);
}

TEST_CASE("a year of two digits is not far in the future", "[web][http_date]") {
  CHECK(seconds_of("Friday, 01-Jan-99 00:00:00 GMT") == 915148800);
  CHECK(seconds_of("Saturday, 01-Jan-00 00:00:00 GMT") == 946684800);
}

TEST_CASE("what is no date is not read", "[web][http_date]") {
  for (const char* text :
       {"", "x", "0", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 CET",
        "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
        "Sun, 06 Nov 1994 08:60:37 GMT", "Sun, 06 Nox 1994 08:49:37 GMT",
        "Sun, -6 Nov 1994 08:49:37 GMT x", "Sun, 06 Nov 99999999999 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT GMT GMT", ",,,,,,,,,,,,,,,,,,,,,"}) {
    INFO(text);
    CHECK_FALSE(parse_http_date(text));
  }
}

TEST_CASE("the date of now is of this second, however often it is asked for") {
  using namespace std::chrono;
  for (int i = 0; i < 3; ++i) {
    const auto before = floor<seconds>(system_clock::now());
    const auto date = parse_http_date(http_date_now());
    REQUIRE(date);
    // The coarse clock ticks a few times less often.
    CHECK(*date >= before - seconds(1));
    CHECK(*date <= system_clock::now());
  }
}

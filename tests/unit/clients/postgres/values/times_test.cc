#include <chrono>
#include <cstdint>
#include <string>

#include <catch2/catch.hpp>

#include "tests/unit/support/postgres_result.h"
#include <aiopyr/clients/postgres/values/times.h>

using namespace aiopyr;
using namespace aiopyr::postgres;
using namespace aiopyr::tests;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using std::chrono::year_month_day;

namespace {

using Time = std::chrono::system_clock::time_point;
using Micros = std::chrono::sys_time<std::chrono::microseconds>;
using Seconds = std::chrono::sys_seconds;
using LocalTime = std::chrono::local_time<std::chrono::microseconds>;
using Days = std::chrono::sys_days;

// 2026-12-01 13:05:59.25 UTC.
const Micros kMoment = Days(2026y / 12 / 1) + 13h + 5min + 59s + 250ms;

template <class T>
T round_trip_time(T value) {
  return read_binary<T>(PostgresType<T>::kOids.element, wire_of(value));
}

Micros parse(const std::string& text) { return read_text<Micros>(kTimestamptzOid, text); }

std::string eight_bytes(std::int64_t number) {
  WireWriter out;
  out.write_integer(number);
  return std::string(out.view());
}

}  // namespace

TEST_CASE("times are microseconds since 2000") {
  CHECK(wire_of(Micros(Days(2000y / 1 / 1)) + 258us) == bytes_of("\0\0\0\0\0\0\1\2"));
  CHECK(PostgresType<Time>::kOids.element == kTimestamptzOid);
  CHECK(round_trip_time(kMoment) == kMoment);
  CHECK(round_trip_time(Time(kMoment)) == kMoment);
  CHECK(round_trip_time(Micros(Days(1969y / 12 / 31))) == Days(1969y / 12 / 31));
}

TEST_CASE("times are cut to what the type can hold, downwards") {
  CHECK(round_trip_time(Time(kMoment) + 999ns) == kMoment);
  CHECK(round_trip_time(Time(0ns) - 1ns) == Time(0ns) - 1us);
  CHECK(read_binary<Seconds>(kTimestamptzOid, wire_of(kMoment)) ==
        std::chrono::floor<std::chrono::seconds>(kMoment));
}

TEST_CASE("infinity is the greatest value, minus infinity the least") {
  CHECK(wire_of(Time::max()) == bytes_of("\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF"));
  CHECK(wire_of(Time::min()) == bytes_of("\x80\0\0\0\0\0\0\0"));
  CHECK(round_trip_time(Time::max()) == Time::max());
  CHECK(round_trip_time(Seconds::min()) == Seconds::min());
  CHECK(round_trip_time(Days::max()) == Days::max());
  CHECK(round_trip_time(Days::min()) == Days::min());
  const year_month_day last = std::chrono::year::max() / 12 / 31;
  CHECK(wire_of(last) == "\x7F\xFF\xFF\xFF");
  CHECK(read_binary<year_month_day>(kDateOid, "\x7F\xFF\xFF\xFF") == last);
  CHECK(parse("infinity") == Micros::max());
  CHECK(read_text<Time>(kTimestamptzOid, "-infinity") == Time::min());
}

TEST_CASE("a time that does not fit is an error") {
  const Micros late = Days(2300y / 1 / 1);
  CHECK_THROWS_WITH(read_binary<Time>(kTimestamptzOid, wire_of(late)),
                    Contains("(timestamp with time zone)") && Contains("the value does not fit"));
  CHECK(read_binary<Seconds>(kTimestamptzOid, wire_of(late)) == late);
  CHECK_THROWS_AS(wire_of(Seconds(Seconds::duration::max() - 1s)), ValueError);
  CHECK_THROWS_AS(wire_of(Micros(Days(-5000y / 1 / 1))), ValueError);
  CHECK_THROWS_AS(read_binary<Micros>(kTimestamptzOid, eight_bytes(INT64_MAX - 1)), TypeError);
  CHECK(read_binary<Micros>(kTimestamptzOid, eight_bytes(INT64_MIN + 1)) < Micros(0us));
  CHECK_THROWS_AS(read_binary<Micros>(kTimestamptzOid, std::string(7, '\0')), TypeError);
}

TEST_CASE("a time without a zone is a local time, and no other") {
  const LocalTime local(kMoment.time_since_epoch());
  CHECK(PostgresType<LocalTime>::kOids.element == kTimestampOid);
  CHECK(round_trip_time(local) == local);
  CHECK(read_text<LocalTime>(kTimestampOid, "2026-12-01 13:05:59.25") == local);
  CHECK_THROWS_WITH(read_binary<Time>(kTimestampOid, wire_of(local)),
                    Contains("std::chrono::local_time"));
  CHECK_THROWS_AS(read_binary<LocalTime>(kTimestamptzOid, wire_of(kMoment)), TypeError);
}

TEST_CASE("times are read from text") {
  CHECK(parse("2026-12-01 13:05:59.25+00") == kMoment);
  CHECK(parse("2026-12-01 18:35:59.25+05:30") == kMoment);
  CHECK(parse("2026-12-01 12:46:27.25-00:19:32") == kMoment);
  CHECK(parse("1970-01-01 00:00:00.000001+00") == Micros(1us));
  CHECK(parse("0001-01-01 00:00:00+00 BC") == Days(0y / 1 / 1));
  CHECK(parse("4714-11-24 00:00:00+00 BC") == Days(-4713y / 11 / 24));
  CHECK_THROWS_WITH(parse("294276-12-31 23:59:59+00"), Contains("does not fit"));
  CHECK(parse("99999-12-31 23:59:59+00") > kMoment);
}

TEST_CASE("what is no time in the style of ISO is an error") {
  const std::string good = "2026-12-01 13:05:59.25+01";
  for (const char* text :
       {"", "2026-12-01", "2026-13-01 00:00:00+00", "2026-02-29 00:00:00+00", "01/12/2026 13:05:59",
        "2026-12-01T13:05:59+00", "2026-12-01 25:00:00+00", "2026-12-01 00:60:00+00",
        "2026-12-01 00:00:00+17", "2026-12-01 00:00:00.+00", "2026-12-01 00:00:00+00 AD",
        "0000-01-01 00:00:00+00", "99999999-01-01 00:00:00+00"})
    CHECK_THROWS_AS(parse(text), TypeError);
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string changed = good;
    changed[at] = 'x';
    CHECK_THROWS_AS(parse(changed), TypeError);
  }
  CHECK_THROWS_WITH(parse("Tue Dec 01"), Contains("DateStyle"));
}

TEST_CASE("dates are days since 2000") {
  const year_month_day day = 2026y / 12 / 1;
  CHECK(wire_of(year_month_day(2000y / 1 / 2)) == bytes_of("\0\0\0\1"));
  CHECK(read_binary<year_month_day>(kDateOid, wire_of(day)) == day);
  CHECK(round_trip_time(Days(day)) == Days(day));
  CHECK(read_text<year_month_day>(kDateOid, "2026-12-01") == day);
  CHECK(read_text<year_month_day>(kDateOid, "0044-03-15 BC") == year_month_day(-43y / 3 / 15));
}

TEST_CASE("a date that does not fit, or that no calendar has, is an error") {
  CHECK_THROWS_AS(wire_of(year_month_day(2026y / 2 / 29)), ValueError);
  CHECK_THROWS_AS(wire_of(Days(year_month_day(-4800y / 1 / 1))), ValueError);
  CHECK_THROWS_AS(read_text<year_month_day>(kDateOid, "40000-01-01"), TypeError);
  CHECK(read_text<Days>(kDateOid, "40000-01-01") > Days(9999y / 1 / 1));
  CHECK_THROWS_AS(read_binary<Days>(kDateOid, "\x7F\xFF\xFF\xFE"), TypeError);
  CHECK_THROWS_AS(read_binary<Days>(kDateOid, "abc"), TypeError);
  CHECK_THROWS_AS(read_text<Days>(kDateOid, "2026-12-01x"), TypeError);
  CHECK_THROWS_AS(read_binary<Days>(kTimestamptzOid, wire_of(kMoment)), TypeError);
}

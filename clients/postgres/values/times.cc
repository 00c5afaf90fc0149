#include <limits>
#include <optional>

#include <aiopyr/clients/postgres/values/iso_time.h>
#include <aiopyr/clients/postgres/values/times.h>

namespace aiopyr::postgres {

namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;

// PostgreSQL counts from this day.
constexpr sys_days kPostgresEpoch = year(2000) / std::chrono::January / 1;
constexpr detail::Microseconds kPostgresEpochTime = kPostgresEpoch.time_since_epoch();
// The days between which PostgreSQL's timestamps and dates lie: the first that there is, and the
// first that there is not any more (datatype/timestamp.h).
constexpr detail::Microseconds kFirstTime{-211813488000000000};
constexpr std::int64_t kFirstDay = -2451545;
constexpr std::int64_t kEndDay = 2145031949;

constexpr year_month_day kLastDate = year::max() / std::chrono::December / 31;
constexpr year_month_day kFirstDate = year::min() / std::chrono::January / 1;

template <class Integer>
Integer read_time_number(const Value& value) {
  WireReader reader(value.bytes);
  const auto number = reader.read_integer<Integer>();
  reader.expect_end();
  return number;
}

}  // namespace

namespace detail {

void throw_time_does_not_fit() { throw ValueError("the value does not fit"); }

Microseconds decode_time(const Value& value, Oid expected) {
  if (value.type != expected) {
    if (value.type == kTimestampOid)
      throw ValueError(
          "it has no time zone: read it as std::chrono::local_time, or say which in SQL, as in "
          "`x at time zone 'UTC'`");
    throw ValueError();
  }
  if (value.is_text()) return parse_iso_time(value.bytes);
  const Microseconds time(read_time_number<std::int64_t>(value));
  if (time == kInfiniteTime || time == kMinusInfiniteTime) return time;
  if (time >= Microseconds::max() - kPostgresEpochTime) throw_time_does_not_fit();
  return time + kPostgresEpochTime;
}

void encode_time(Microseconds since_1970, WireWriter& out) {
  const bool is_infinite = since_1970 == kInfiniteTime || since_1970 == kMinusInfiniteTime;
  if (!is_infinite && since_1970 < kFirstTime + kPostgresEpochTime)
    throw ValueError("PostgreSQL has no time so long ago");
  out.write_integer<std::int64_t>(
      (is_infinite ? since_1970 : since_1970 - kPostgresEpochTime).count());
}

sys_days decode_day(const Value& value) {
  if (value.type != kDateOid) throw ValueError();
  if (value.is_text()) return parse_iso_day(value.bytes);
  const auto day = read_time_number<std::int32_t>(value);
  if (day == std::numeric_limits<std::int32_t>::max()) return kInfiniteDay;
  if (day == std::numeric_limits<std::int32_t>::min()) return kMinusInfiniteDay;
  if (day < kFirstDay || day >= kEndDay) throw ValueError("the server sent a malformed date");
  return kPostgresEpoch + days(day);
}

void encode_day(sys_days day, WireWriter& out) {
  std::int64_t count = std::numeric_limits<std::int32_t>::max();
  if (day == kMinusInfiniteDay) {
    count = std::numeric_limits<std::int32_t>::min();
  } else if (day != kInfiniteDay) {
    count =
        std::int64_t{day.time_since_epoch().count()} - kPostgresEpoch.time_since_epoch().count();
    if (count < kFirstDay || count >= kEndDay) throw ValueError("PostgreSQL has no such day");
  }
  out.write_integer(static_cast<std::int32_t>(count));
}

}  // namespace detail

sys_days PostgresType<year_month_day>::to_stored(year_month_day day) {
  if (day == kLastDate) return detail::kInfiniteDay;
  if (day == kFirstDate) return detail::kMinusInfiniteDay;
  if (!day.ok()) throw ValueError("no calendar has that day");
  return day;
}

year_month_day PostgresType<year_month_day>::from_stored(sys_days day) {
  if (day == detail::kInfiniteDay) return kLastDate;
  if (day == detail::kMinusInfiniteDay) return kFirstDate;
  if (day > sys_days(kLastDate) || day < sys_days(kFirstDate)) detail::throw_time_does_not_fit();
  return day;
}

}  // namespace aiopyr::postgres

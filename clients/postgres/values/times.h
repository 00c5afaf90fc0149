#pragma once

#include <chrono>
#include <cstdint>
#include <ratio>
#include <string>
#include <type_traits>

#include <aiopyr/clients/postgres/values/postgres_type.h>

/// Points in time and dates. Pure functions, any thread.
///
///   timestamp with time zone       std::chrono::sys_time, such as system_clock::time_point
///   timestamp without time zone    std::chrono::local_time: what a clock on a wall shows
///   date                           std::chrono::year_month_day, sys_days
///
/// PostgreSQL counts microseconds: what is finer is cut off when sent. Its `infinity` and
/// `-infinity` are the greatest and least value of the C++ type, for year_month_day the last and
/// first day that it has. Other values that do not fit are refused; a time_point in nanoseconds
/// ends in 2262.
namespace aiopyr::postgres {

namespace detail {

using Microseconds = std::chrono::duration<std::int64_t, std::micro>;

/// Microseconds since 1970; the greatest and least value are infinite.
inline constexpr Microseconds kInfiniteTime = Microseconds::max();
inline constexpr Microseconds kMinusInfiniteTime = Microseconds::min();
/// Days since 1970; likewise.
inline constexpr std::chrono::sys_days kInfiniteDay = std::chrono::sys_days::max();
inline constexpr std::chrono::sys_days kMinusInfiniteDay = std::chrono::sys_days::min();

[[nodiscard]] Microseconds decode_time(const Value& value, Oid expected);
void encode_time(Microseconds since_1970, WireWriter& out);
[[noreturn]] void throw_time_does_not_fit();
/// Returns the text that PostgreSQL writes with DateStyle `ISO`, in UTC or without a zone.
[[nodiscard]] std::string format_iso_time(Microseconds since_1970, bool has_zone);
[[nodiscard]] std::string format_iso_day(std::chrono::sys_days day);

template <class Duration>
inline constexpr bool kIsFine = std::ratio_less_v<typename Duration::period, std::micro>;

/// Throws ValueError if it does not fit.
template <class Duration>
[[nodiscard]] constexpr Duration from_microseconds(Microseconds time) {
  if (time == kInfiniteTime) return Duration::max();
  if (time == kMinusInfiniteTime) return Duration::min();
  if constexpr (kIsFine<Duration>) {
    if (time > std::chrono::floor<Microseconds>(Duration::max()) ||
        time < std::chrono::ceil<Microseconds>(Duration::min()))
      throw_time_does_not_fit();
  }
  return std::chrono::floor<Duration>(time);
}

template <class Duration>
[[nodiscard]] constexpr Microseconds to_microseconds(Duration time) {
  if (time == Duration::max()) return kInfiniteTime;
  if (time == Duration::min()) return kMinusInfiniteTime;
  if constexpr (!kIsFine<Duration>) {
    if (time > std::chrono::floor<Duration>(Microseconds::max()) ||
        time < std::chrono::ceil<Duration>(Microseconds::min()))
      throw_time_does_not_fit();
  }
  return std::chrono::floor<Microseconds>(time);
}

[[nodiscard]] std::chrono::sys_days decode_day(const Value& value);
void encode_day(std::chrono::sys_days day, WireWriter& out);

/// A clock whose points in time have a type of PostgreSQL.
template <class Clock>
concept IsClock =
    std::is_same_v<Clock, std::chrono::system_clock> || std::is_same_v<Clock, std::chrono::local_t>;

/// Counts in whole numbers of at least 64 bits, of less than a day.
template <class Duration>
concept IsTime = std::is_integral_v<typename Duration::rep> &&
                     sizeof(typename Duration::rep) >= 8 &&
                 std::ratio_less_v<typename Duration::period, std::chrono::days::period>;

}  // namespace detail

template <detail::IsClock Clock, detail::IsTime Duration>
struct PostgresType<std::chrono::time_point<Clock, Duration>> {
  using Time = std::chrono::time_point<Clock, Duration>;
  static constexpr bool kHasZone = std::is_same_v<Clock, std::chrono::system_clock>;
  static constexpr TypeOids kOids =
      kHasZone ? TypeOids{kTimestamptzOid, 1185} : TypeOids{kTimestampOid, 1115};
  static constexpr Format kFormat = Format::kBinary;

  static void encode(Time value, WireWriter& out) {
    detail::encode_time(detail::to_microseconds(value.time_since_epoch()), out);
  }
  static Time decode(const Value& value) {
    return Time(detail::from_microseconds<Duration>(detail::decode_time(value, kOids.element)));
  }
  static std::string to_text(Time value) {
    return detail::format_iso_time(detail::to_microseconds(value.time_since_epoch()), kHasZone);
  }
};

template <>
struct PostgresType<std::chrono::sys_days> {
  static constexpr TypeOids kOids{kDateOid, 1182};
  static constexpr Format kFormat = Format::kBinary;
  static void encode(std::chrono::sys_days value, WireWriter& out) {
    detail::encode_day(value, out);
  }
  static std::chrono::sys_days decode(const Value& value) { return detail::decode_day(value); }
  static std::string to_text(std::chrono::sys_days value) { return detail::format_iso_day(value); }
};

template <>
struct PostgresType<std::chrono::year_month_day> {
  using Stored = std::chrono::sys_days;
  /// Throws ValueError for a day that no calendar has.
  static std::chrono::sys_days to_stored(std::chrono::year_month_day day);
  static std::chrono::year_month_day from_stored(std::chrono::sys_days day);
};

}  // namespace aiopyr::postgres

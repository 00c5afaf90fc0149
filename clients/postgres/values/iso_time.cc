#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include <aiopyr/clients/postgres/values/iso_time.h>

namespace aiopyr::postgres::detail {

namespace {

using std::chrono::days;
using std::chrono::sys_days;

constexpr std::string_view kBeforeChrist = " BC";
// Of PostgreSQL's timestamps and dates: datatype/timestamp.h.
constexpr std::int64_t kMostYears = 5874897;

[[noreturn]] void throw_malformed_time() {
  throw ValueError("it is no date or time in the style of ISO: set DateStyle to ISO");
}

/// Takes parts from the front of a text.
class Cursor {
 public:
  explicit Cursor(std::string_view text) noexcept : rest_(text) {}

  [[nodiscard]] bool is_at_end() const noexcept { return rest_.empty(); }
  bool skip(char c) noexcept {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(char c) {
    if (!skip(c)) throw_malformed_time();
  }
  /// Reads between `least` and `most` digits.
  std::int64_t digits(std::size_t least, std::size_t most) {
    std::int64_t number = 0;
    std::size_t count = 0;
    for (; count < most && !rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9'; ++count) {
      number = 10 * number + (rest_[0] - '0');
      rest_.remove_prefix(1);
    }
    if (count < least) throw_malformed_time();
    last_count_ = count;
    return number;
  }
  /// Reads two digits of at most `most`.
  std::int64_t two_digits(std::int64_t most) {
    const std::int64_t number = digits(2, 2);
    if (number > most) throw_malformed_time();
    return number;
  }
  /// Reads the decimals of a second, as microseconds.
  std::int64_t microseconds() {
    constexpr std::size_t kDecimals = 6;
    std::int64_t number = digits(1, kDecimals);
    for (std::size_t count = last_count_; count < kDecimals; ++count) number *= 10;
    return number;
  }

 private:
  std::string_view rest_;
  std::size_t last_count_ = 0;
};

// The calendar repeats after this many years and days. Dates are moved by whole cycles into a range
// that year_month_day has: its years end in 32767, and PostgreSQL's do not.
constexpr std::int64_t kCycle = 400;
constexpr std::int64_t kDaysInCycle = 146097;

std::string padded(std::int64_t number, std::size_t digits) {
  const std::string text = std::to_string(number);
  return std::string(digits - std::min(digits, text.size()), '0') + text;
}

/// A date of any year; that before 1 is 0.
struct Date {
  std::int64_t year = 0;
  std::int64_t month = 1;
  std::int64_t day = 1;

  [[nodiscard]] std::string text() const {
    return padded(year > 0 ? year : 1 - year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2);
  }
  [[nodiscard]] std::string_view era() const { return year > 0 ? "" : kBeforeChrist; }
};

Date date_of(sys_days day) {
  const std::int64_t since_1970 = day.time_since_epoch().count();
  const std::int64_t cycles = since_1970 / kDaysInCycle;
  const std::chrono::year_month_day date(sys_days(days(since_1970 - cycles * kDaysInCycle)));
  return {static_cast<int>(date.year()) + cycles * kCycle, static_cast<unsigned>(date.month()),
          static_cast<unsigned>(date.day())};
}

/// Returns the days since 1970 of a day. Throws if no calendar has it.
std::int64_t days_since_1970(std::int64_t year, std::int64_t month, std::int64_t day) {
  const std::int64_t cycles = year / kCycle;
  const std::chrono::year_month_day date(
      std::chrono::year(static_cast<int>(year - cycles * kCycle)),
      std::chrono::month(static_cast<unsigned>(month)),
      std::chrono::day(static_cast<unsigned>(day)));
  if (!date.ok()) throw_malformed_time();
  return sys_days(date).time_since_epoch().count() + cycles * kDaysInCycle;
}

std::int64_t parse_day(Cursor& cursor, bool is_before_christ) {
  const std::int64_t year = cursor.digits(4, 7);
  cursor.expect('-');
  const std::int64_t month = cursor.digits(2, 2);
  cursor.expect('-');
  const std::int64_t day = cursor.digits(2, 2);
  if (year == 0 || year > kMostYears) throw_malformed_time();
  // The year before 1 is 1 BC.
  return days_since_1970(is_before_christ ? 1 - year : year, month, day);
}

Microseconds parse_clock(Cursor& cursor) {
  Microseconds time = std::chrono::hours(cursor.two_digits(24));
  cursor.expect(':');
  time += std::chrono::minutes(cursor.two_digits(59));
  cursor.expect(':');
  time += std::chrono::seconds(cursor.two_digits(60));
  if (cursor.skip('.')) time += Microseconds(cursor.microseconds());
  return time;
}

/// Reads `+01`, `-03:30`, `+00:19:32`: how far a zone is ahead of UTC; nothing is zero.
Microseconds parse_zone(Cursor& cursor) {
  const bool is_behind = cursor.skip('-');
  if (!is_behind && !cursor.skip('+')) return Microseconds(0);
  Microseconds zone = std::chrono::hours(cursor.two_digits(16));
  if (cursor.skip(':')) zone += std::chrono::minutes(cursor.two_digits(59));
  if (cursor.skip(':')) zone += std::chrono::seconds(cursor.two_digits(59));
  return is_behind ? -zone : zone;
}

bool drop_before_christ(std::string_view& text) {
  if (!text.ends_with(kBeforeChrist)) return false;
  text.remove_suffix(kBeforeChrist.size());
  return true;
}

}  // namespace

Microseconds parse_iso_time(std::string_view text) {
  if (text == "infinity") return kInfiniteTime;
  if (text == "-infinity") return kMinusInfiniteTime;
  const bool is_before_christ = drop_before_christ(text);
  Cursor cursor(text);
  const std::int64_t day = parse_day(cursor, is_before_christ);
  cursor.expect(' ');
  Microseconds time = parse_clock(cursor);
  time -= parse_zone(cursor);
  if (!cursor.is_at_end()) throw_malformed_time();
  constexpr std::int64_t kMostDays = std::chrono::floor<days>(Microseconds::max()).count() - 2;
  if (day > kMostDays || day < -kMostDays) throw_time_does_not_fit();
  return time + days(day);
}

sys_days parse_iso_day(std::string_view text) {
  if (text == "infinity") return kInfiniteDay;
  if (text == "-infinity") return kMinusInfiniteDay;
  const bool is_before_christ = drop_before_christ(text);
  Cursor cursor(text);
  const std::int64_t day = parse_day(cursor, is_before_christ);
  if (!cursor.is_at_end()) throw_malformed_time();
  return sys_days(days(day));
}

std::string format_iso_time(Microseconds since_1970, bool has_zone) {
  if (since_1970 == kInfiniteTime) return "infinity";
  if (since_1970 == kMinusInfiniteTime) return "-infinity";
  const sys_days day(std::chrono::floor<days>(since_1970));
  const std::chrono::hh_mm_ss clock(since_1970 - day.time_since_epoch());
  const Date date = date_of(day);
  return date.text() + " " + padded(clock.hours().count(), 2) + ":" +
         padded(clock.minutes().count(), 2) + ":" + padded(clock.seconds().count(), 2) + "." +
         padded(clock.subseconds().count(), 6) + (has_zone ? "+00" : "") + std::string(date.era());
}

std::string format_iso_day(sys_days day) {
  if (day == kInfiniteDay) return "infinity";
  if (day == kMinusInfiniteDay) return "-infinity";
  const Date date = date_of(day);
  return date.text() + std::string(date.era());
}

}  // namespace aiopyr::postgres::detail

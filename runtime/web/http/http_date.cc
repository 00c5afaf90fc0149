#include <algorithm>
#include <array>
#include <ctime>
#include <iterator>
#include <string>

#include <aiopyr/runtime/base/parse_number.h>
#include <aiopyr/runtime/web/http/http_date.h>

namespace aiopyr {
namespace {

constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

void append_two_digits(std::string& out, int number) {
  out.push_back(static_cast<char>('0' + number / 10));
  out.push_back(static_cast<char>('0' + number % 10));
}

void append_year(std::string& out, int year) {
  if (year < 0 || year > 9999) {
    out.append(std::to_string(year));
  } else {
    append_two_digits(out, year / 100);
    append_two_digits(out, year % 100);
  }
}

// Formats without snprintf, which takes ten times as long; a response may have three dates.
std::string format(std::chrono::system_clock::time_point time, char separator) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::string out;
  out.reserve(std::string_view("Sun, 06 Nov 1994 08:49:37 GMT").size());
  out.append(kDays[parts.tm_wday]).append(", ");
  append_two_digits(out, parts.tm_mday);
  out.push_back(separator);
  out.append(kMonths[parts.tm_mon]).push_back(separator);
  append_year(out, parts.tm_year + 1900);
  out.push_back(' ');
  append_two_digits(out, parts.tm_hour);
  out.push_back(':');
  append_two_digits(out, parts.tm_min);
  out.push_back(':');
  append_two_digits(out, parts.tm_sec);
  return out.append(" GMT");
}

/// The words of a date; empty where there are more.
using Words = std::array<std::string_view, 9>;

std::size_t split_date(std::string_view text, Words& words) noexcept {
  constexpr std::string_view kSeparators = " ,-:";
  std::size_t count = 0;
  while (count < words.size()) {
    const auto begin = text.find_first_not_of(kSeparators);
    if (begin == std::string_view::npos) return count;
    text.remove_prefix(begin);
    words[count] = text.substr(0, text.find_first_of(kSeparators));
    text.remove_prefix(words[count++].size());
  }
  return count;
}

/// Parses a number; -1 if it is none.
int number_or_minus_one(std::string_view text) noexcept {
  return parse_number<int>(text).value_or(-1);
}

/// Returns the month from 1; 0 if the name is none.
unsigned parse_month(std::string_view text) noexcept {
  const auto* found = std::find(std::begin(kMonths), std::end(kMonths), text);
  return found == std::end(kMonths) ? 0 : static_cast<unsigned>(found - std::begin(kMonths)) + 1;
}

/// Completes a year of two digits: in this century, or in the last one if it would otherwise be
/// more than 50 years from now (RFC 9110 section 5.6.7).
int full_year(std::string_view text) noexcept {
  using namespace std::chrono;
  const int year_number = number_or_minus_one(text);
  if (text.size() != 2 || year_number < 0) return year_number;
  const year_month_day today(floor<days>(system_clock::now()));
  const int this_century = 2000 + year_number;
  return this_century > static_cast<int>(today.year()) + 50 ? this_century - 100 : this_century;
}

}  // namespace

std::optional<std::chrono::system_clock::time_point> parse_http_date(
    std::string_view text) noexcept {
  using namespace std::chrono;
  Words w;
  const std::size_t count = split_date(text.substr(0, text.find(';')), w);
  // An asctime date has the month before the day, and the year last.
  const bool is_asctime = count == 7;
  if (!is_asctime && (count != 8 || w[7] != "GMT")) return std::nullopt;
  const std::size_t clock = is_asctime ? 3 : 4;
  const int day_number = number_or_minus_one(w[is_asctime ? 2 : 1]);
  const int hour = number_or_minus_one(w[clock]);
  const int minute = number_or_minus_one(w[clock + 1]);
  const int second = number_or_minus_one(w[clock + 2]);
  const year_month_day date{year(full_year(w[is_asctime ? 6 : 3])),
                            month(parse_month(w[is_asctime ? 1 : 2])),
                            day(static_cast<unsigned>(std::max(day_number, 0)))};
  if (!date.ok() || static_cast<int>(date.year()) < 1900) return std::nullopt;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) {
    return std::nullopt;
  }
  return sys_days(date) + hours(hour) + minutes(minute) + seconds(second);
}

std::string http_date(std::chrono::system_clock::time_point time) { return format(time, ' '); }

std::string_view http_date_now() {
  static thread_local std::time_t second = -1;
  static thread_local std::string text;
  // Uses the coarse clock: each response reads it and needs only seconds.
  std::timespec now{};
  clock_gettime(CLOCK_REALTIME_COARSE, &now);
  if (now.tv_sec != second) {
    text = http_date(std::chrono::system_clock::from_time_t(now.tv_sec));
    second = now.tv_sec;
  }
  return text;
}

std::string cookie_date(std::chrono::system_clock::time_point time) { return format(time, '-'); }

}  // namespace aiopyr

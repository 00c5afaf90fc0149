#include <array>
#include <cctype>
#include <string>

#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/web/testing/cookie_jar.h>

namespace aiopyr::testing {

namespace {

/// The parts of a date by RFC 6265 section 5.1.1, in any order; -1 until found.
struct DateParts {
  int hour = -1;
  int minute = -1;
  int second = -1;
  int day = -1;
  int month = -1;
  int year = -1;

  [[nodiscard]] bool is_complete() const noexcept {
    return hour >= 0 && day >= 0 && month >= 0 && year >= 0;
  }
};

bool is_delimiter(char c) noexcept {
  return c != ':' && std::isalnum(static_cast<unsigned char>(c)) == 0;
}

/// Removes the number that `token` begins with and returns it; -1 if it begins with none.
int take_number(std::string_view& token) noexcept {
  int number = -1;
  while (!token.empty() && token[0] >= '0' && token[0] <= '9' && number < 100000) {
    number = (number < 0 ? 0 : number * 10) + (token[0] - '0');
    token.remove_prefix(1);
  }
  return number;
}

bool read_time(std::string_view token, DateParts& parts) noexcept {
  std::array<int, 3> numbers{};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (i > 0) {
      if (!token.starts_with(':')) return false;
      token.remove_prefix(1);
    }
    numbers[i] = take_number(token);
    if (numbers[i] < 0) return false;
  }
  parts.hour = numbers[0];
  parts.minute = numbers[1];
  parts.second = numbers[2];
  return true;
}

int month_of(std::string_view token) noexcept {
  constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                                        "jul", "aug", "sep", "oct", "nov", "dec"};
  for (std::size_t i = 0; i < kMonths.size(); ++i) {
    if (ascii_iequals(token.substr(0, 3), kMonths[i])) return static_cast<int>(i);
  }
  return -1;
}

void read_token(std::string_view token, DateParts& parts) noexcept {
  if (parts.hour < 0 && read_time(token, parts)) return;
  if (parts.month < 0 && (parts.month = month_of(token)) >= 0) return;
  const std::size_t size = token.size();
  const int number = take_number(token);
  if (number < 0) return;
  const std::size_t digits = size - token.size();
  if (parts.day < 0 && digits <= 2) {
    parts.day = number;
  } else if (parts.year < 0 && (digits == 2 || digits == 4)) {
    parts.year = number >= 100 ? number : number + (number < 70 ? 2000 : 1900);
  }
}

}  // namespace

std::optional<CookieJar::TimePoint> parse_cookie_date(std::string_view text) {
  DateParts parts;
  while (!text.empty()) {
    std::size_t size = 0;
    while (size < text.size() && !is_delimiter(text[size])) ++size;
    if (size > 0) read_token(text.substr(0, size), parts);
    text.remove_prefix(size == 0 ? 1 : size);
  }
  if (!parts.is_complete() || parts.hour > 23 || parts.minute > 59 || parts.second > 59) {
    return std::nullopt;
  }
  const std::chrono::year_month_day day{std::chrono::year(parts.year),
                                        std::chrono::month(static_cast<unsigned>(parts.month) + 1),
                                        std::chrono::day(static_cast<unsigned>(parts.day))};
  if (!day.ok() || parts.year < 1601) return std::nullopt;
  return std::chrono::sys_days(day) + std::chrono::hours(parts.hour) +
         std::chrono::minutes(parts.minute) + std::chrono::seconds(parts.second);
}

}  // namespace aiopyr::testing

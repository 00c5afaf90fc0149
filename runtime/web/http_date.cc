#include <cstdio>
#include <ctime>

#include <aiopyr/runtime/web/http_date.h>

namespace aiopyr {
namespace {

constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::string format(std::chrono::system_clock::time_point time, char separator) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[80];
  std::snprintf(text, sizeof text, "%s, %02d%c%s%c%04d %02d:%02d:%02d GMT", kDays[parts.tm_wday],
                parts.tm_mday, separator, kMonths[parts.tm_mon], separator, parts.tm_year + 1900,
                parts.tm_hour, parts.tm_min, parts.tm_sec);
  return text;
}

}  // namespace

std::string http_date(std::chrono::system_clock::time_point time) { return format(time, ' '); }

std::string cookie_date(std::chrono::system_clock::time_point time) { return format(time, '-'); }

}  // namespace aiopyr

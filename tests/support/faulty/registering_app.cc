// An app that adds all but one of the timers and cron entries for which uWSGI has room: if two of
// its workers add one twice, there is no room for another.
#include <cstdint>
#include <string>

#include <aiopyr/aiopyr.h>
#include <aiopyr/uwsgi.h>

namespace {

using namespace aiopyr;

constexpr std::uint8_t kRoom = 64;

Task<std::string> fine(Request&) { co_return "fine"; }

void app(Configurator& config) {
  for (std::uint8_t signal = 1; signal < kRoom; ++signal) {
    uwsgi::register_signal(signal, [] {});
    uwsgi::add_timer(signal, 3600);
    uwsgi::add_rb_timer(signal, 3600);
    uwsgi::add_cron(signal, {.minute = 0, .hour = 0});
  }
  config.add_route("fine", "/fine");
  config.add_view(fine, {.route_name = "fine", .renderer = "string"});
}

}  // namespace

AIOPYR_APP(app);

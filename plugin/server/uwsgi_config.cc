#include <algorithm>
#include <array>

#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/plugin/server/uwsgi_config.h>

namespace aiopyr::plugin {

bool is_option_set(std::string_view name) noexcept {
  for (int i = 0; i < uwsgi.exported_opts_cnt; ++i) {
    if (uwsgi.exported_opts[i]->key == name) return true;
  }
  return false;
}

bool router_closes_connections() noexcept {
  static const bool closes = [] {
    constexpr std::array<std::string_view, 5> kRouters{"http", "httprouter", "https", "https2",
                                                       "http-to-https"};
    return std::any_of(kRouters.begin(), kRouters.end(), is_option_set) &&
           !is_option_set("http-keepalive");
  }();
  return closes;
}

}  // namespace aiopyr::plugin

#include <aiopyr/plugin/request/uwsgi_environ.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/base/one_line.h>
#include <aiopyr/runtime/web/request/request.h>
#include <aiopyr/uwsgi/logvars.h>

namespace aiopyr::uwsgi {

namespace {

constexpr std::size_t kLongestLogvar = 255;

wsgi_request& request_of(Request& request) {
  const auto* environ = dynamic_cast<const plugin::UwsgiEnviron*>(&request.environ());
  if (environ != nullptr) return environ->uwsgi_request();
  throw Error("a logvar is of a request that uWSGI has received, and this is none");
}

void require_short(std::string_view text, const char* what) {
  if (text.size() <= kLongestLogvar) return;
  throw Error(std::string("a logvar's ") + what + " of " + std::to_string(text.size()) +
              " bytes: uWSGI takes 255; cut it");
}

}  // namespace

void set_logvar(Request& request, std::string_view key, std::string_view value) {
  const std::string line = one_line(value);
  require_short(key, "key");
  require_short(line, "value");
  uwsgi_logvar_add(&request_of(request), plugin::chars(key), static_cast<std::uint8_t>(key.size()),
                   plugin::chars(line), static_cast<std::uint8_t>(line.size()));
}

std::optional<std::string> get_logvar(Request& request, std::string_view key) {
  require_short(key, "key");
  const uwsgi_logvar* found = uwsgi_logvar_get(&request_of(request), plugin::chars(key),
                                               static_cast<std::uint8_t>(key.size()));
  if (found == nullptr) return std::nullopt;
  return std::string(found->val, found->vallen);
}

}  // namespace aiopyr::uwsgi

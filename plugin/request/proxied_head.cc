#include <string_view>

#include <aiopyr/plugin/request/proxied_head.h>
#include <aiopyr/runtime/text/authority.h>
#include <aiopyr/runtime/text/percent_escape.h>

namespace aiopyr::plugin {

HeadError find_fault_of_proxied(const Environ& environ) {
  if (environ.get("REQUEST_METHOD") == "CONNECT") return HeadError::kConnect;
  // Checks the undecoded target: in PATH_INFO, bad escapes can no longer be detected.
  const std::string_view target = environ.get("REQUEST_URI");
  if (find_bad_escape(target.substr(0, target.find('?')))) return HeadError::kPathEscape;
  const std::string_view host = environ.get("HTTP_HOST");
  return host.empty() || is_authority(host) ? HeadError::kNone : HeadError::kHost;
}

}  // namespace aiopyr::plugin

#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/text/authority.h>
#include <aiopyr/runtime/web/request/host_parts.h>
#include <aiopyr/runtime/web/request/request.h>

namespace aiopyr::detail {

namespace {

bool is_on(std::string_view flag) noexcept {
  return ascii_iequals(flag, "on") || ascii_iequals(flag, "true") || flag == "1";
}

}  // namespace

HostParts host_parts_of(const Request& request) {
  const std::string host = request.host();
  const auto [domain, port] = split_authority(host);
  return {std::string(domain), std::string(port.empty() ? default_port(request.scheme()) : port)};
}

std::string_view scheme_told(std::string_view uwsgi_scheme, std::string_view https,
                             std::string_view request_scheme) noexcept {
  if (!uwsgi_scheme.empty()) return ascii_iequals(uwsgi_scheme, "https") ? "https" : "http";
  if (is_on(https)) return "https";
  return ascii_iequals(request_scheme, "https") ? "https" : "http";
}

}  // namespace aiopyr::detail

#include <aiopyr/runtime/text/authority.h>
#include <aiopyr/runtime/web/request/host_parts.h>
#include <aiopyr/runtime/web/request/request.h>

namespace aiopyr::detail {

HostParts host_parts_of(const Request& request) {
  const std::string host = request.host();
  const auto [domain, port] = split_authority(host);
  return {std::string(domain), std::string(port.empty() ? default_port(request.scheme()) : port)};
}

}  // namespace aiopyr::detail

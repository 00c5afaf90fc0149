#include <aiopyr/runtime/web/host_parts.h>
#include <aiopyr/runtime/web/request.h>

namespace aiopyr::detail {

HostParts host_parts_of(const Request& request) {
  std::string host = request.host();
  const auto colon = host.rfind(':');
  // A colon within brackets belongs to an IPv6 address.
  if (colon == std::string::npos || host.ends_with(']')) {
    return {std::move(host), request.scheme() == "https" ? "443" : "80"};
  }
  return {host.substr(0, colon), host.substr(colon + 1)};
}

}  // namespace aiopyr::detail

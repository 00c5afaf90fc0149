#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>

#include <aiopyr/plugin/request/peer_address.h>
#include <aiopyr/plugin/server/uwsgi_api.h>

namespace aiopyr::plugin {

std::string peer_address(const wsgi_request& request) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const auto& address = request.client_addr;
  if (address.sin.sin_family == AF_INET) {
    inet_ntop(AF_INET, &address.sin.sin_addr, text.data(), text.size());
  } else if (address.sin.sin_family == AF_INET6) {
    inet_ntop(AF_INET6, &address.sin6.sin6_addr, text.data(), text.size());
  }
  return text.data();
}

}  // namespace aiopyr::plugin

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <string>
#include <sys/un.h>

#include <aiopyr/plugin/server/socket_address.h>

namespace aiopyr::plugin {

namespace {

/// Copies the address to its own type, since the kernel's bytes are in a generic one.
template <class Address>
Address address_as(const sockaddr_storage& address) noexcept {
  Address copy{};
  std::memcpy(&copy, &address, sizeof copy);
  return copy;
}

/// Returns the path of a bound Unix socket; an abstract one begins with a NUL (man 7 unix).
std::string path_of(const sockaddr_un& address, socklen_t length) {
  constexpr std::size_t kHead = offsetof(sockaddr_un, sun_path);
  if (length <= kHead) return {};
  std::string path(static_cast<const char*>(address.sun_path), length - kHead);
  while (path.size() > 1 && path.back() == '\0') path.pop_back();
  return path;
}

bool names_path(std::string_view name, const std::string& path) {
  if (path.empty() || name.empty()) return false;
  if (name.front() == '@') return path.front() == '\0' && name.substr(1) == path.substr(1);
  if (name == path) return true;
  const std::unique_ptr<char, decltype(&std::free)> resolved(
      ::realpath(std::string(name).c_str(), nullptr), &std::free);
  return resolved && path == resolved.get();
}

bool is_same(const sockaddr_in& one, const sockaddr_in& other) noexcept {
  return one.sin_port == other.sin_port && one.sin_addr.s_addr == other.sin_addr.s_addr;
}

bool is_same(const sockaddr_in6& one, const sockaddr_in6& other) noexcept {
  return one.sin6_port == other.sin6_port &&
         std::memcmp(&one.sin6_addr, &other.sin6_addr, sizeof one.sin6_addr) == 0;
}

/// Returns whether a socket is bound to every interface, at this port.
bool is_any(const sockaddr_storage& address, std::string_view port) {
  if (address.ss_family == AF_INET) {
    const auto in = address_as<sockaddr_in>(address);
    return in.sin_addr.s_addr == INADDR_ANY && std::to_string(ntohs(in.sin_port)) == port;
  }
  const auto in = address_as<sockaddr_in6>(address);
  return IN6_IS_ADDR_UNSPECIFIED(&in.sin6_addr) && std::to_string(ntohs(in.sin6_port)) == port;
}

bool names_host(const std::string& host, const std::string& port, const sockaddr_storage& address) {
  if (host.empty() || host == "0.0.0.0") return is_any(address, port);
  addrinfo wanted{};
  wanted.ai_family = address.ss_family;
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), port.c_str(), &wanted, &found) != 0) return false;
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned(found, &::freeaddrinfo);
  for (; found != nullptr; found = found->ai_next) {
    sockaddr_storage meant{};
    std::memcpy(&meant, found->ai_addr, found->ai_addrlen);
    if (address.ss_family == AF_INET
            ? is_same(address_as<sockaddr_in>(meant), address_as<sockaddr_in>(address))
            : is_same(address_as<sockaddr_in6>(meant), address_as<sockaddr_in6>(address))) {
      return true;
    }
  }
  return false;
}

}  // namespace

bool names_address(std::string_view name, const sockaddr_storage& address, socklen_t length) {
  const auto colon = name.rfind(':');
  if (address.ss_family == AF_UNIX) {
    return colon == std::string_view::npos &&
           names_path(name, path_of(address_as<sockaddr_un>(address), length));
  }
  if (colon == std::string_view::npos) return false;
  if (address.ss_family != AF_INET && address.ss_family != AF_INET6) return false;
  std::string_view host = name.substr(0, colon);
  if (host.size() > 2 && host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  }
  return names_host(std::string(host), std::string(name.substr(colon + 1)), address);
}

}  // namespace aiopyr::plugin

#include <arpa/inet.h>
#include <cstring>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <optional>
#include <sys/un.h>
#include <utility>

#include <aiopyr/clients/base/resolve.h>
#include <aiopyr/runtime/async/executor/executor.h>
#include <aiopyr/runtime/async/tasks/wait_for.h>
#include <aiopyr/runtime/base/errors.h>

namespace aiopyr::clients {

namespace {

using AddressInfo = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

Address copy_address(const sockaddr* address, socklen_t length) {
  Address copy;
  std::memcpy(&copy.storage, address, length);
  copy.length = length;
  return copy;
}

/// Calls getaddrinfo(), which blocks unless `flags` says that the host is numeric. Returns its
/// error code, or 0.
int look_up(const std::string& host, std::uint16_t port, int flags, std::vector<Address>& found) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags | AI_NUMERICSERV;
  addrinfo* first = nullptr;
  const int error = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &first);
  if (error != 0) return error;
  const AddressInfo list(first, &freeaddrinfo);
  for (const addrinfo* each = first; each != nullptr; each = each->ai_next) {
    found.push_back(copy_address(each->ai_addr, each->ai_addrlen));
  }
  return 0;
}

std::vector<Address> look_up_name(const std::string& host, std::uint16_t port) {
  std::vector<Address> found;
  const int error = look_up(host, port, AI_ADDRCONFIG, found);
  if (error == EAI_SYSTEM) {
    throw Error("cannot look up '" + host + "': " + std::string(strerror(errno)));
  }
  if (error != 0) throw Error("cannot look up '" + host + "': " + gai_strerror(error));
  return found;
}

Task<std::vector<Address>> look_up_in_thread(std::string host, std::uint16_t port) {
  auto job = run_in_executor(&look_up_name, std::move(host), port);
  co_return co_await std::move(job);
}

Task<std::vector<Address>> look_up_for(std::string host, std::uint16_t port, Seconds timeout) {
  const std::string shown = host;
  auto job = wait_for(look_up_in_thread(std::move(host), port), timeout);
  bool is_late = false;
  std::vector<Address> found;
  try {
    found = co_await std::move(job);
  } catch (const TimeoutError&) {
    is_late = true;
  }
  if (is_late) throw TimeoutError("the look-up of '" + shown + "' took too long");
  co_return found;
}

Task<std::vector<Address>> known_already(std::vector<Address> addresses) { co_return addresses; }

}  // namespace

std::string Address::host() const {
  char text[INET6_ADDRSTRLEN] = "";
  switch (storage.ss_family) {
    case AF_INET:
      inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in&>(storage).sin_addr, text,
                sizeof text);
      return text;
    case AF_INET6:
      inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6&>(storage).sin6_addr, text,
                sizeof text);
      return text;
    case AF_UNIX:
      return reinterpret_cast<const sockaddr_un&>(storage).sun_path;
    default:
      return "";
  }
}

Address unix_address(const std::string& path) {
  sockaddr_un address{};
  if (path.size() >= sizeof address.sun_path) {
    throw ConfigurationError("the path of a Unix socket may have at most " +
                             std::to_string(sizeof address.sun_path - 1) + " bytes: '" + path +
                             "'");
  }
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, path.size());
  return copy_address(reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

Task<std::vector<Address>> resolve(std::string host, std::uint16_t port, Seconds timeout) {
  std::vector<Address> numeric;
  if (look_up(host, port, AI_NUMERICHOST, numeric) == 0) return known_already(std::move(numeric));
  return look_up_for(std::move(host), port, timeout);
}

}  // namespace aiopyr::clients

#include <arpa/inet.h>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <netinet/in.h>
#include <string>
#include <string_view>
#include <sys/un.h>

#include <catch2/catch.hpp>

#include <aiopyr/plugin/server/socket_address.h>

namespace aiopyr::plugin {
namespace {

struct Address {
  sockaddr_storage storage{};
  socklen_t length = 0;

  [[nodiscard]] bool has_name(std::string_view name) const {
    return names_address(name, storage, length);
  }
};

template <class Raw>
Address address_of(const Raw& raw, std::size_t length = sizeof(Raw)) {
  Address address;
  std::memcpy(&address.storage, &raw, sizeof raw);
  address.length = static_cast<socklen_t>(length);
  return address;
}

Address ipv4(const char* host, std::uint16_t port) {
  sockaddr_in raw{};
  raw.sin_family = AF_INET;
  raw.sin_port = htons(port);
  REQUIRE(::inet_pton(AF_INET, host, &raw.sin_addr) == 1);
  return address_of(raw);
}

Address ipv6(const char* host, std::uint16_t port) {
  sockaddr_in6 raw{};
  raw.sin6_family = AF_INET6;
  raw.sin6_port = htons(port);
  REQUIRE(::inet_pton(AF_INET6, host, &raw.sin6_addr) == 1);
  return address_of(raw);
}

/// Returns an address in the kernel's form: without the NUL after the path, unless `more` adds it.
Address unix_socket(std::string_view path, std::size_t more = 0) {
  sockaddr_un raw{};
  raw.sun_family = AF_UNIX;
  std::memcpy(static_cast<char*>(raw.sun_path), path.data(), path.size());
  return address_of(raw, offsetof(sockaddr_un, sun_path) + path.size() + more);
}

TEST_CASE("A name with an address means the socket that is bound to it, and no other") {
  CHECK(ipv4("127.0.0.1", 80).has_name("127.0.0.1:80"));
  CHECK(ipv4("127.0.0.1", 80).has_name("localhost:80"));
  CHECK_FALSE(ipv4("127.0.0.1", 80).has_name("127.0.0.1:8080"));
  CHECK_FALSE(ipv4("127.0.0.1", 80).has_name("127.0.0.2:80"));
  CHECK_FALSE(ipv4("127.0.0.1", 80).has_name(":80"));
  CHECK(ipv6("::1", 80).has_name("[::1]:80"));
  CHECK(ipv6("::1", 80).has_name("[0:0::1]:80"));
  CHECK_FALSE(ipv6("::1", 80).has_name("[::]:80"));
  CHECK_FALSE(ipv6("::1", 80).has_name("127.0.0.1:80"));
}

TEST_CASE("A name without a host means every interface, in IPv6 too") {
  for (const char* const name : {":80", "0.0.0.0:80"}) {
    CHECK(ipv4("0.0.0.0", 80).has_name(name));
    CHECK(ipv6("::", 80).has_name(name));
    CHECK_FALSE(ipv4("0.0.0.0", 81).has_name(name));
    CHECK_FALSE(ipv6("::1", 80).has_name(name));
  }
  CHECK(ipv6("::", 80).has_name("[::]:80"));
}

TEST_CASE("A path means the Unix socket of that path, however it is written") {
  CHECK(unix_socket("/run/app.sock").has_name("/run/app.sock"));
  CHECK(unix_socket("/run/app.sock", 1).has_name("/run/app.sock"));
  CHECK_FALSE(unix_socket("/run/app.sock").has_name("/run/other.sock"));
  CHECK_FALSE(unix_socket("/run/app.sock").has_name(":80"));
  const auto folder = std::filesystem::canonical(std::filesystem::current_path());
  CHECK(unix_socket((folder / "tests").string()).has_name("tests"));
  CHECK(unix_socket((folder / "tests").string()).has_name("./tests/../tests"));
}

TEST_CASE("A name that begins with an at sign means an abstract Unix socket") {
  using namespace std::string_view_literals;
  CHECK(unix_socket("\0app"sv).has_name("@app"));
  CHECK(unix_socket("\0app\0"sv).has_name("@app"));
  CHECK_FALSE(unix_socket("\0app"sv).has_name("app"));
  CHECK_FALSE(unix_socket("app").has_name("@app"));
}

TEST_CASE("A socket without an address has no name, and a name may be nonsense") {
  Address unbound;
  unbound.storage.ss_family = AF_UNIX;
  unbound.length = sizeof(sa_family_t);
  for (const char* const name : {"", "@", ":", "::", "[]:", "a:b", "/"}) {
    CHECK_FALSE(unbound.has_name(name));
    CHECK_FALSE(ipv4("127.0.0.1", 80).has_name(name));
    CHECK_FALSE(ipv6("::", 80).has_name(name));
  }
}

}  // namespace
}  // namespace aiopyr::plugin

#include <array>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include <aiopyr/plugin/io/client_state.h>

namespace aiopyr::plugin {
namespace {

/// Both ends of a connection over TCP: the client's first.
std::array<int, 2> make_connection() {
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  REQUIRE(::bind(listener, generic, size) == 0);
  REQUIRE(::listen(listener, 1) == 0);
  REQUIRE(::getsockname(listener, generic, &size) == 0);
  const int client = ::socket(AF_INET, SOCK_STREAM, 0);
  REQUIRE(::connect(client, generic, size) == 0);
  const int server = ::accept(listener, nullptr, nullptr);
  ::close(listener);
  return {client, server};
}

TEST_CASE("A client over TCP is there, ends, or is gone, whatever is unread of it") {
  for (const bool sends : {false, true}) {
    const auto [client, server] = make_connection();
    if (sends) REQUIRE(::send(client, "x", 1, 0) == 1);
    CHECK(client_state(server) == ClientState::kThere);
    ::shutdown(client, SHUT_WR);
    CHECK(client_state(server) == ClientState::kEnded);
    const linger reset{1, 0};
    ::setsockopt(client, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    ::close(client);
    CHECK(client_state(server) == ClientState::kGone);
    ::close(server);
  }
}

TEST_CASE("A client of a Unix socket that has closed it is gone") {
  std::array<int, 2> ends{};
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) == 0);
  CHECK(client_state(ends[0]) == ClientState::kThere);
  ::shutdown(ends[1], SHUT_WR);
  CHECK(client_state(ends[0]) == ClientState::kEnded);
  ::close(ends[1]);
  CHECK(client_state(ends[0]) == ClientState::kGone);
  ::close(ends[0]);
}

}  // namespace
}  // namespace aiopyr::plugin

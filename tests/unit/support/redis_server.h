#pragma once

#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <memory>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include <aiopyr/clients/redis/connection/connection.h>
#include <aiopyr/runtime/async/transport/socket_transport.h>
#include <aiopyr/runtime/base/errors.h>

/// A Redis server whose answers are what the test says.
namespace aiopyr::redis::testing {

class FakeServer {
 public:
  FakeServer() = default;
  ~FakeServer() { hang_up(); }
  FakeServer(const FakeServer&) = delete;
  FakeServer& operator=(const FakeServer&) = delete;

  /// Returns settings of connections to this server, which log in by RESP2 without a password: that
  /// takes no command.
  detail::ConnectionSettings settings() {
    detail::ConnectionSettings settings;
    settings.server = "redis://fake";
    settings.connect = [this](Duration) { return accept(); };
    settings.protocol = 2;
    settings.figures = &figures;
    return settings;
  }

  /// Reads what the client has sent since the last call.
  std::string take() {
    std::string text;
    std::array<char, 65536> piece;
    for (ssize_t n = 0; (n = ::recv(fd_, piece.data(), piece.size(), 0)) > 0;) {
      text.append(piece.data(), static_cast<std::size_t>(n));
      ++reads;
    }
    return text;
  }
  void say(std::string_view bytes) {
    if (::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL) < 0) std::abort();
  }
  void hang_up() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }
  /// Returns whether the client has closed the connection.
  bool is_left() {
    char byte = 0;
    return ::recv(fd_, &byte, 1, MSG_PEEK) == 0;
  }

  bool is_there = true;
  int accepted = 0;
  int reads = 0;
  metrics::ClientFigures figures{};

 private:
  Task<std::unique_ptr<Transport>> accept() {
    if (!is_there) throw Error("nobody listens");
    hang_up();
    std::array<int, 2> fds{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds.data()) != 0) std::abort();
    ++accepted;
    fd_ = fds[1];
    std::unique_ptr<Transport> stream = std::make_unique<SocketTransport>(fds[0]);
    co_return std::move(stream);
  }

  int fd_ = -1;
};

}  // namespace aiopyr::redis::testing

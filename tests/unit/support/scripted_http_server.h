#pragma once

#include <arpa/inet.h>
#include <array>
#include <cstdlib>
#include <functional>
#include <list>
#include <memory>
#include <netinet/in.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include <aiopyr/runtime/async/loop/fd_watch.h>
#include <aiopyr/runtime/async/loop/loop.h>

/// HTTP servers for the tests of a client: they live on the client's own loop, and answer what the
/// test says, byte by byte where it wants.
namespace aiopyr::http::testing {

/// One connection that a client has made.
class ServerConnection final : private FdWatch {
 public:
  using Handler = std::function<void(ServerConnection&)>;

  ServerConnection(int fd, Handler on_bytes) : on_bytes_(std::move(on_bytes)) {
    start(*Loop::current(), fd, FdEvents::kRead);
  }
  ~ServerConnection() override { close(); }

  /// Sends bytes as they are; returns how many were taken.
  std::size_t try_send(std::string_view bytes) {
    if (!is_open()) return 0;
    const auto count = ::send(fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    return count < 0 ? 0 : static_cast<std::size_t>(count);
  }
  void send(std::string_view bytes) { static_cast<void>(try_send(bytes)); }
  void close() {
    if (!is_open()) return;
    const int open_fd = fd();
    stop();
    ::close(open_fd);
  }
  /// Says that nothing more will be sent, and goes on reading.
  void end_sending() {
    if (is_open()) ::shutdown(fd(), SHUT_WR);
  }
  /// Closes so that the client gets a reset.
  void reset() {
    const linger now{.l_onoff = 1, .l_linger = 0};
    if (is_open()) setsockopt(fd(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close();
  }
  void stop_reading() { stop(); }

  [[nodiscard]] bool is_open() const { return is_active(); }
  /// Returns whether a whole request without a body is there.
  [[nodiscard]] bool has_head() const { return received.find("\r\n\r\n") != std::string::npos; }
  /// Removes the head of the first request, and returns it.
  std::string take_head() {
    const std::size_t end = received.find("\r\n\r\n");
    if (end == std::string::npos) return {};
    std::string head = received.substr(0, end + 4);
    received.erase(0, end + 4);
    return head;
  }

  std::string received;  ///< all that has come
  bool at_end = false;   ///< the client has closed

 private:
  void on_ready(FdEvents /*ready*/) override {
    std::array<char, 65536> buffer;
    const auto count = ::recv(fd(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (count > 0) received.append(buffer.data(), static_cast<std::size_t>(count));
    if (count == 0 || (count < 0 && errno != EAGAIN)) {
      at_end = true;
      close();
    }
    on_bytes_(*this);
  }

  Handler on_bytes_;
};

/// Listens on a free port of 127.0.0.1, and calls a function whenever bytes, or an end, have come.
class ScriptedHttpServer final : private FdWatch {
 public:
  explicit ScriptedHttpServer(ServerConnection::Handler on_bytes) : on_bytes_(std::move(on_bytes)) {
    fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(fd_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(fd_, 512) != 0 ||
        ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
      std::abort();
    }
    port_ = ntohs(address.sin_port);
    start(*Loop::current(), fd_, FdEvents::kRead);
  }
  ~ScriptedHttpServer() override {
    stop();
    ::close(fd_);
  }

  /// Makes a server that answers each request that has no body with the same bytes.
  static std::unique_ptr<ScriptedHttpServer> answering(std::string answer) {
    return std::make_unique<ScriptedHttpServer>([answer](ServerConnection& connection) {
      while (connection.has_head()) {
        connection.take_head();
        connection.send(answer);
      }
    });
  }

  [[nodiscard]] std::string url(std::string_view path = "/") const {
    return "http://127.0.0.1:" + std::to_string(port_) + std::string(path);
  }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// Returns how many connections have been made.
  [[nodiscard]] std::size_t accepted() const { return connections_.size(); }
  [[nodiscard]] ServerConnection& connection(std::size_t index = 0) {
    return *std::next(connections_.begin(), static_cast<std::ptrdiff_t>(index));
  }

 private:
  void on_ready(FdEvents /*ready*/) override {
    for (;;) {
      const int fd = ::accept4(fd_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (fd < 0) return;
      connections_.emplace_back(fd, on_bytes_);
    }
  }

  ServerConnection::Handler on_bytes_;
  int fd_ = -1;
  std::uint16_t port_ = 0;
  std::list<ServerConnection> connections_;
};

/// Returns an answer with a body and its length.
inline std::string answer(std::string_view body, std::string_view status = "200 OK",
                          std::string_view fields = "") {
  return "HTTP/1.1 " + std::string(status) + "\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n" + std::string(fields) + "\r\n" + std::string(body);
}

}  // namespace aiopyr::http::testing

#pragma once

#include <any>
#include <array>
#include <fcntl.h>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "tests/unit/support/stream.h"
#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/async/transport/socket_transport.h>
#include <aiopyr/runtime/base/describe.h>
#include <aiopyr/websocket/connection/connection.h>
#include <aiopyr/websocket/protocol/sender.h>
#include <aiopyr/websocket/views/function_view.h>

/// A connection with a test's client at its other end, on a deterministic loop.
namespace aiopyr::websocket::testing {

inline std::array<int, 2> make_socketpair() {
  std::array<int, 2> fds{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds.data()) != 0) std::abort();
  return fds;
}

/// The client's end of a stream. It never waits.
class Peer {
 public:
  explicit Peer(int fd) noexcept : fd_(fd) {}
  ~Peer() { vanish(); }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  /// Closes without a close frame.
  void vanish() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }
  void end_output() { ::shutdown(fd_, SHUT_WR); }

  /// Sends bytes as they are; returns how many were taken.
  std::size_t send(std::string_view bytes) {
    const auto count = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    return count < 0 ? 0 : static_cast<std::size_t>(count);
  }
  void text(std::string_view payload) { send(frame(0x81, payload)); }
  void binary(std::string_view payload) { send(frame(0x82, payload)); }
  void ping(std::string_view payload) { send(frame(0x89, payload)); }
  void close(std::uint16_t code, std::string_view reason = {}) {
    std::string bytes;
    static_cast<void>(append_close(bytes, code, reason, kMask));
    send(bytes);
  }

  /// Returns the events since the last call, one line each: see describe().
  Events events() {
    Events events;
    std::array<char, 65536> buffer;
    for (;;) {
      const auto count = ::recv(fd_, buffer.data(), buffer.size(), 0);
      if (count == 0) at_end_ = true;
      if (count <= 0) return events;
      feed(receiver_, {buffer.data(), static_cast<std::size_t>(count)}, events);
    }
  }
  /// Returns the bytes that have come since the last call, instead of events().
  std::string bytes() {
    std::string all;
    std::array<char, 65536> buffer;
    for (;;) {
      const auto count = ::recv(fd_, buffer.data(), buffer.size(), 0);
      if (count <= 0) return all;
      all.append(buffer.data(), static_cast<std::size_t>(count));
    }
  }
  /// Returns whether the server has ended its side; call it after events().
  [[nodiscard]] bool at_end() const noexcept { return at_end_; }

 private:
  int fd_;
  bool at_end_ = false;
  Inflater inflater_{15, true};  // compressed messages are shown as `text/64:...`
  Receiver receiver_{
      {.role = Role::kClient, .max_message_size = 64U << 20U, .inflater = &inflater_}};
};

/// A loop with the log of its exception handler.
struct LoopWithLog {
  LoopWithLog() {
    loop.set_exception_handler([this](const std::exception_ptr& error, std::string_view where) {
      log.push_back(std::string(where) + ": " + aiopyr::describe(error));
    });
  }
  void turns(int count = 4) {
    for (int i = 0; i < count; ++i) loop.run_once(false);
  }
  /// Lets a timer of that length fire.
  void pass(Duration time) {
    loop.advance(time);
    turns();
  }

  std::vector<std::string> log;
  TestLoop loop;
};

template <class View>
std::unique_ptr<WebsocketHandler> handler_of(View view) {
  static Resource root;
  const auto callable = ViewAdapter<View>::adapt(std::move(view));
  return std::any_cast<const WebsocketHandlerFactory&>(callable.other)(&root, HandshakeInfo());
}

/// A view that serves a Peer.
class Line : public LoopWithLog {
 public:
  template <class View>
  explicit Line(View view, Endpoint endpoint = {}, bool use_bytes = false)
      : Line(make_socketpair(), std::move(view), std::move(endpoint), use_bytes) {
    turns(2);
  }

  Peer peer;
  std::weak_ptr<Connection> connection;

 private:
  template <class View>
  Line(std::array<int, 2> fds, View view, Endpoint endpoint, bool use_bytes) : peer(fds[1]) {
    endpoint.name = "the_view";
    connection = Connection::open({.transport = std::make_unique<SocketTransport>(fds[0]),
                                   .endpoint = std::make_shared<const Endpoint>(endpoint),
                                   .handler = handler_of(std::move(view)),
                                   .use_bytes = use_bytes});
  }
};

inline Task<> echo(Websocket& ws) {
  while (auto message = co_await ws.recv()) co_await ws.send(*message);
}

}  // namespace aiopyr::websocket::testing

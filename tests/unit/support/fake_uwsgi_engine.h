#pragma once

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/support/map_environ.h"
#include "tests/unit/support/peer.h"
#include <aiopyr/runtime/async/fibers/fiber_wait.h>
#include <aiopyr/runtime/web/request/native_websocket.h>

namespace aiopyr::websocket::testing {

/// A server's own engine, with the test as its client.
class FakeUwsgiEngine final : public NativeWebsocket {
 public:
  ~FakeUwsgiEngine() override {
    for (const int fd : fds_) ::close(fd);
  }

  // The client's side.

  void text(std::string message) { arrive({Received::kMessage, Kind::kText, std::move(message)}); }
  void binary(std::string message) {
    arrive({Received::kMessage, Kind::kBinary, std::move(message)});
  }
  void pong(std::string payload) { arrive({Received::kPong, Kind::kText, std::move(payload)}); }
  /// Ends the connection as a client does, with a close frame (kClosing) or by a violation.
  void end(Received how) {
    arrive({how, Kind::kText, {}});
    leave();
  }
  void leave() { arrive({Received::kClosed, Kind::kText, {}}); }

  // The session's side.

  bool handshake(std::string_view subprotocol) override {
    log.push_back("handshake:" + std::string(subprotocol));
    return !gone;
  }
  Received receive(std::string& message, Kind& kind) override {
    ++receives;
    char byte = 0;
    while (::recv(fds_[0], &byte, 1, 0) == 1) {
    }
    if (incoming_.empty()) return Received::kNothing;
    auto event = std::move(incoming_.front());
    incoming_.pop_front();
    message = std::move(event.message);
    kind = event.kind;
    return event.received;
  }
  bool send(Kind kind, std::string_view message) override {
    if (sends_park) static_cast<void>(sleep_on_fiber(Duration::zero()));
    if (gone) return false;
    log.push_back((kind == Kind::kText ? "text:" : "binary:") + std::string(message));
    return true;
  }
  bool send_ping(std::string_view payload) override {
    log.push_back("ping:" + std::string(payload));
    return !gone;
  }
  void send_close(std::uint16_t code, std::string_view reason) override {
    log.push_back("close:" + std::to_string(code) + ":" + std::string(reason));
    if (answers_close) leave();
  }
  [[nodiscard]] int fd() const noexcept override { return fds_[0]; }
  [[nodiscard]] int ping_interval() const noexcept override { return 30; }

  Events log;
  int receives = 0;
  bool gone = false;
  bool sends_park = false;
  bool answers_close = true;

 private:
  struct Event {
    Received received;
    Kind kind;
    std::string message;
  };

  void arrive(Event event) {
    incoming_.push_back(std::move(event));
    static_cast<void>(::send(fds_[1], "x", 1, 0));
  }

  std::deque<Event> incoming_;
  std::array<int, 2> fds_ = make_socketpair();
};

/// An upgrade request to a server with such an engine.
class UwsgiEngineEnviron final : public MapEnviron {
 public:
  explicit UwsgiEngineEnviron(NativeWebsocket* engine, Variables more = {})
      : MapEnviron(with_upgrade(std::move(more))), engine_(engine) {}
  NativeWebsocket* native_websocket() override { return engine_; }

 private:
  static Variables with_upgrade(Variables variables) {
    variables.insert({{"REQUEST_METHOD", "GET"},
                      {"PATH_INFO", "/ws"},
                      {"HTTP_UPGRADE", "websocket"},
                      {"HTTP_CONNECTION", "Upgrade"},
                      {"HTTP_SEC_WEBSOCKET_KEY", "dGhlIHNhbXBsZSBub25jZQ=="},
                      {"HTTP_SEC_WEBSOCKET_VERSION", "13"},
                      {"HTTP_HOST", "example.com"},
                      {"SERVER_PROTOCOL", "HTTP/1.1"}});
    return variables;
  }

  NativeWebsocket* engine_;
};

}  // namespace aiopyr::websocket::testing

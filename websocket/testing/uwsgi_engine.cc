#include <array>
#include <cerrno>
#include <span>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include <aiopyr/runtime/async/fibers/fiber_wait.h>
#include <aiopyr/websocket/protocol/close_code.h>
#include <aiopyr/websocket/protocol/sender.h>
#include <aiopyr/websocket/testing/uwsgi_engine.h>

namespace aiopyr::testing {

using websocket::Incoming;
using websocket::Opcode;

namespace {

/// Returns the code that answers a close frame (RFC 6455 section 5.5.1).
std::uint16_t echoed(std::uint16_t code) noexcept {
  if (code == websocket::kNoStatusReceived) return websocket::kNormalClosure;
  return code;
}

}  // namespace

UwsgiEngine::~UwsgiEngine() {
  if (fd_ >= 0) ::close(fd_);
}

int UwsgiEngine::release() noexcept { return std::exchange(fd_, -1); }

bool UwsgiEngine::handshake(std::string_view subprotocol) {
  subprotocol_ = subprotocol;
  is_open_ = true;
  return true;
}

NativeWebsocket::Received UwsgiEngine::receive(std::string& message, Kind& kind) {
  while (arrived_.empty()) {
    if (!read()) return Received::kNothing;
  }
  Arrived first = std::move(arrived_.front());
  // Keeps the end: it is reported again.
  if (first.received != Received::kClosed) arrived_.pop_front();
  message = std::move(first.message);
  kind = first.kind;
  return first.received;
}

/// Returns whether anything came, including the end of the stream.
bool UwsgiEngine::read() {
  std::array<std::byte, 16384> buffer;
  const auto count = ::recv(fd_, buffer.data(), buffer.size(), 0);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return false;
  if (count <= 0) {
    arrived_.push_back({Received::kClosed});
    return true;
  }
  auto input = std::span(buffer).first(static_cast<std::size_t>(count));
  while (const Incoming incoming = receiver_.next(input)) take(incoming);
  return true;
}

void UwsgiEngine::take(const Incoming& incoming) {
  std::string answer;
  switch (incoming.kind) {
    case Incoming::Kind::kText:
      arrived_.push_back({Received::kMessage, Kind::kText, receiver_.take(incoming)});
      return;
    case Incoming::Kind::kBinary:
      arrived_.push_back({Received::kMessage, Kind::kBinary, receiver_.take(incoming)});
      return;
    case Incoming::Kind::kPing:
      if (websocket::append_pong(answer, incoming.view())) write(answer);
      return;
    case Incoming::Kind::kClose:
      send_close(echoed(incoming.close_code), incoming.view());
      arrived_.push_back({Received::kClosed});
      return;
    case Incoming::Kind::kError:
      arrived_.push_back({Received::kClosed});
      return;
    case Incoming::Kind::kPong:
      arrived_.push_back({Received::kPong, Kind::kText, receiver_.take(incoming)});
      return;
    case Incoming::Kind::kNone:
      return;
  }
}

bool UwsgiEngine::send(Kind kind, std::string_view message) {
  std::string frame;
  websocket::append_message(frame, kind == Kind::kText ? Opcode::kText : Opcode::kBinary, message);
  return write(frame);
}

bool UwsgiEngine::send_ping(std::string_view payload) {
  std::string frame;
  return websocket::append_ping(frame, payload) && write(frame);
}

void UwsgiEngine::send_close(std::uint16_t code, std::string_view reason) {
  if (std::exchange(said_close_, true)) return;
  std::string frame;
  if (!websocket::append_close(frame, code, reason)) return;
  if (write(frame)) ::shutdown(fd_, SHUT_WR);
}

bool UwsgiEngine::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
      continue;
    }
    if (errno != EAGAIN) return false;
    if (wait_for_fd_on_fiber(fd_, FdEvents::kWrite, std::nullopt) != FdWaitResult::kReady) {
      return false;
    }
  }
  return true;
}

}  // namespace aiopyr::testing

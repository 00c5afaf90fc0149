#include <array>
#include <cerrno>
#include <span>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/testing/turn_until.h>
#include <aiopyr/websocket/protocol/close_code.h>
#include <aiopyr/websocket/protocol/error.h>
#include <aiopyr/websocket/protocol/sender.h>
#include <aiopyr/websocket/testing/client_stream.h>

namespace aiopyr::testing {

using websocket::Incoming;
using websocket::Opcode;

namespace {

/// A constant mask: RFC 6455 section 5.3 requires an unpredictable one because of proxies, and
/// there are none here.
constexpr websocket::MaskKey kMask{std::byte{0x37}, std::byte{0xFA}, std::byte{0x21},
                                   std::byte{0x3D}};

constexpr Duration kWriteTimeout = std::chrono::seconds(60);

}  // namespace

void ClientStream::vanish() noexcept {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

void ClientStream::send(Opcode type, std::string_view payload) {
  if (!is_open()) throw Error("a message was sent on a websocket that is closed");
  std::string frame;
  websocket::append_message(frame, type, payload, kMask);
  write(frame);
}

void ClientStream::ping(std::string_view payload) {
  std::string frame;
  if (!websocket::append_ping(frame, payload, kMask)) {
    throw Error("a ping carries at most 125 bytes (RFC 6455 section 5.5)");
  }
  write(frame);
}

void ClientStream::write(std::string_view bytes) {
  const bool done = turn_until(loop_, kWriteTimeout, [&] {
    while (fd_ >= 0 && !bytes.empty()) {
      const auto count = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count < 0) return errno != EAGAIN;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  });
  if (!done) throw TimeoutError("the app does not read what is sent on its websocket");
}

std::optional<Message> ClientStream::receive(Duration timeout) {
  std::optional<Message> message;
  const bool done = turn_until(loop_, timeout, [&] {
    message = next_message();
    if (message || fd_ < 0) return true;
    read();
    message = next_message();
    if (!message && at_end_) vanish();
    return message.has_value() || fd_ < 0;
  });
  if (!done) throw TimeoutError("no message came on the websocket");
  return message;
}

/// Reads all available bytes, without waiting: while some are left, the app's end does not count as
/// writable, and a simulated clock would jump.
void ClientStream::read() {
  input_.erase(0, std::exchange(used_, 0));
  std::array<char, 65536> buffer;
  for (;;) {
    const auto count = ::recv(fd_, buffer.data(), buffer.size(), 0);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) return;
    // The bytes before the end are still processed.
    if (count <= 0) return void(at_end_ = true);
    input_.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

std::optional<Message> ClientStream::next_message() {
  auto rest = std::as_writable_bytes(std::span(input_)).subspan(used_);
  while (const Incoming incoming = receiver_.next(rest)) {
    auto message = handle(incoming);
    used_ = input_.size() - rest.size();
    if (message) return message;
  }
  used_ = input_.size();
  return std::nullopt;
}

std::optional<Message> ClientStream::handle(const Incoming& incoming) {
  std::string answer;
  switch (incoming.kind) {
    case Incoming::Kind::kText:
      return Message::text(receiver_.take(incoming));
    case Incoming::Kind::kBinary:
      return Message::binary(receiver_.take(incoming));
    case Incoming::Kind::kPing:
      if (is_open() && websocket::append_pong(answer, incoming.view(), kMask)) write(answer);
      return std::nullopt;
    case Incoming::Kind::kPong:
      pongs_ += incoming.view();
      return std::nullopt;
    case Incoming::Kind::kClose:
      if (closing_.on_received(incoming.close_code, incoming.view())) answer_close();
      vanish();
      return std::nullopt;
    case Incoming::Kind::kError:
      vanish();
      throw Error("the app broke the websocket protocol: " +
                  std::string(websocket::message_for(incoming.error)));
    case Incoming::Kind::kNone:
      break;
  }
  return std::nullopt;
}

/// Answers a close frame: RFC 6455 section 5.5.1.
void ClientStream::answer_close() {
  const std::uint16_t code = closing_.received()->code;
  if (!closing_.on_sent(code, {})) return;
  std::string frame;
  if (!websocket::append_close(frame, code, {}, kMask)) {
    websocket::append_empty_close(frame, kMask);
  }
  write(frame);
}

void ClientStream::close(std::uint16_t code, std::string_view reason, Duration timeout) {
  if (fd_ < 0) return;
  if (closing_.may_send()) {
    std::string frame;
    if (!websocket::append_close(frame, code, reason, kMask)) {
      throw Error("a close frame may not carry the code " + std::to_string(code) +
                  " (RFC 6455 section 7.4)");
    }
    static_cast<void>(closing_.on_sent(code, reason));
    write(frame);
  }
  while (receive(timeout)) {
  }
}

}  // namespace aiopyr::testing

#include <memory>
#include <string>

#include <aiopyr/plugin/uwsgi_api.h>
#include <aiopyr/plugin/uwsgi_websocket.h>
#include <aiopyr/websocket/protocol/close_code.h>
#include <aiopyr/websocket/protocol/sender.h>

namespace aiopyr::plugin {

namespace {

constexpr std::uint8_t kContinuation = 0;
constexpr std::uint8_t kText = 1;
constexpr std::uint8_t kBinary = 2;
constexpr std::uint8_t kClose = 8;

/// No opcode that a client can send with a complete frame: says that none was parsed since.
constexpr std::uint8_t kNoOpcode = 0xFF;

struct BufferDeleter {
  void operator()(uwsgi_buffer* buffer) const noexcept { uwsgi_buffer_destroy(buffer); }
};
using Buffer = std::unique_ptr<uwsgi_buffer, BufferDeleter>;

char* chars(std::string_view text) noexcept { return const_cast<char*>(text.data()); }

std::uint16_t short_length(std::string_view text) noexcept {
  return static_cast<std::uint16_t>(text.size());
}

}  // namespace

bool UwsgiWebsocket::handshake(std::string_view subprotocol) {
  // Left to itself uWSGI sends back the client's whole list.
  request_.http_sec_websocket_protocol_len = 0;
  return uwsgi_websocket_handshake(&request_, nullptr, 0, nullptr, 0, chars(subprotocol),
                                   short_length(subprotocol)) == 0;
}

NativeWebsocket::Received UwsgiWebsocket::receive(std::string& message, Kind& kind) {
  for (;;) {
    if (uwsgi.websockets_continuation_buffer == nullptr) {
      uwsgi.websockets_continuation_buffer = uwsgi_buffer_new(0);
    }
    const bool between_frames = request_.websocket_phase == 0;
    if (between_frames) request_.websocket_opcode = kNoOpcode;
    const Buffer part(uwsgi_websocket_recv_nb(&request_));
    if (!part) {
      // uWSGI has answered a closing frame with one of its own.
      close_sent_ = close_sent_ || request_.websocket_opcode == kClose;
      return Received::kClosed;
    }
    // An empty buffer stands for "nothing" and for an empty message. A frame was parsed to its end
    // if uWSGI is between frames again and the opcode is one of data.
    const bool is_data = request_.websocket_phase == 0 && request_.websocket_opcode <= kBinary;
    if (!is_data) return Received::kNothing;
    const Received received = take({part->buf, part->pos}, message, kind);
    if (received != Received::kNothing) return received;
  }
}

/// Judges the frame that uWSGI has let through. kNothing: a fragment, more is to come.
NativeWebsocket::Received UwsgiWebsocket::take(std::string_view part, std::string& message,
                                               Kind& kind) {
  const bool continues = request_.websocket_opcode == kContinuation;
  if (!request_.websocket_has_mask) {
    return break_off(websocket::kProtocolViolation, "unmasked frame");
  }
  if (continues != in_message_) {
    return break_off(websocket::kProtocolViolation,
                     continues ? "continuation of nothing" : "message inside a message");
  }
  if (!continues) begun_as_ = request_.websocket_opcode == kText ? Kind::kText : Kind::kBinary;
  if (!request_.websocket_is_fin) {
    in_message_ = true;
    const uwsgi_buffer* begun = uwsgi.websockets_continuation_buffer;
    if (begun != nullptr && begun->pos > uwsgi.websockets_max_size * 1024) {
      return break_off(websocket::kMessageTooBig, "message too big");
    }
    return Received::kNothing;
  }
  in_message_ = false;
  if (part.size() > uwsgi.websockets_max_size * 1024) {
    return break_off(websocket::kMessageTooBig, "message too big");
  }
  message.assign(part);
  kind = begun_as_;
  return Received::kMessage;
}

NativeWebsocket::Received UwsgiWebsocket::break_off(std::uint16_t code, std::string_view reason) {
  send_close(code, reason);
  request_.websocket_closed = 1;
  return Received::kClosed;
}

bool UwsgiWebsocket::send(Kind kind, std::string_view message) {
  const ssize_t result =
      kind == Kind::kText ? uwsgi_websocket_send(&request_, chars(message), message.size())
                          : uwsgi_websocket_send_binary(&request_, chars(message), message.size());
  return result >= 0;
}

void UwsgiWebsocket::send_close(std::uint16_t code, std::string_view reason) {
  if (close_sent_ || request_.websocket_closed) return;
  close_sent_ = true;
  std::string frame;
  if (!websocket::append_close(frame, code, reason)) websocket::append_empty_close(frame);
  uwsgi_response_write_body_do(&request_, frame.data(), frame.size());
}

int UwsgiWebsocket::fd() const noexcept { return request_.fd; }

int UwsgiWebsocket::ping_interval() const noexcept { return uwsgi.websockets_ping_freq; }

}  // namespace aiopyr::plugin

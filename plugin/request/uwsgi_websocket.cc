#include <algorithm>
#include <cerrno>
#include <memory>
#include <string>
#include <sys/socket.h>
#include <utility>

#include <aiopyr/plugin/connection/ending.h>
#include <aiopyr/plugin/request/core_loan.h>
#include <aiopyr/plugin/request/served_request.h>
#include <aiopyr/plugin/request/uwsgi_websocket.h>
#include <aiopyr/plugin/server/options.h>
#include <aiopyr/plugin/server/socket_traits.h>
#include <aiopyr/plugin/server/uwsgi_api.h>
#include <aiopyr/runtime/async/fibers/fiber_wait.h>
#include <aiopyr/websocket/protocol/frame_rules.h>
#include <aiopyr/websocket/protocol/opcode.h>
#include <aiopyr/websocket/protocol/receiver.h>
#include <aiopyr/websocket/protocol/sender.h>

namespace aiopyr::plugin {

namespace {

using websocket::ProtocolError;

/// The most frames without a message that are taken at a time: a flood of pings must not keep the
/// loop from its other connections.
constexpr int kFramesATurn = 64;

/// The most room that is made for a frame before it has arrived.
constexpr std::size_t kReadStep = std::size_t{64} * 1024;

struct BufferDeleter {
  void operator()(uwsgi_buffer* buffer) const noexcept { uwsgi_buffer_destroy(buffer); }
};
using Buffer = std::unique_ptr<uwsgi_buffer, BufferDeleter>;

std::uint16_t short_length(std::string_view text) noexcept {
  return static_cast<std::uint16_t>(text.size());
}

/// Returns the most bytes of a message over all its frames: our option, else uWSGI's own (in KiB).
std::size_t max_message_size() noexcept {
  return options().websocket_max_size.value_or(uwsgi.websockets_max_size * 1024);
}

}  // namespace

bool UwsgiWebsocket::handshake(std::string_view subprotocol) {
  // From here on receive() notices the client's end, and reports it to the view in order.
  static_cast<void>(current_request().client.stop());
  current_request().deadline.lift();
  // By default uWSGI would send back the client's whole list.
  request_.http_sec_websocket_protocol_len = 0;
  return uwsgi_websocket_handshake(&request_, nullptr, 0, nullptr, 0, chars(subprotocol),
                                   short_length(subprotocol)) == 0;
}

NativeWebsocket::Received UwsgiWebsocket::receive(std::string& message, Kind& kind) {
  if (request_.websocket_closed) return Received::kClosed;
  for (int frames = 0;; ++frames) {
    if (frames == kFramesATurn) {
      if (!sleep_on_fiber(Duration::zero())) return end();
      frames = 0;
    }
    const std::span<std::byte> input = buffered();
    const auto head = websocket::decode_header(input);
    const auto error = judge(head);
    if (error != ProtocolError::kNone) {
      return is_announced() ? break_off(error) : Received::kViolation;
    }
    const std::size_t size = head.size + (head.complete ? head.header.length : 0);
    if (!head.complete || input.size() < size) {
      const Filled filled = fill(size - input.size());
      if (filled == Filled::kGone) return end();
      if (filled == Filled::kNothing) return Received::kNothing;
      continue;
    }
    if (head.header.opcode == websocket::Opcode::kClose && !is_announced()) {
      return Received::kClosing;
    }
    const Received received = is_control(head.header.opcode)
                                  ? take_control(input.first(size), message)
                                  : take_data(head.header, message, kind);
    if (received != Received::kNothing) return received;
  }
}

/// Returns the bytes that have arrived and are not used yet. They begin with a frame's header:
/// uWSGI's engine gets only whole frames, and removes each of them.
std::span<std::byte> UwsgiWebsocket::buffered() const noexcept {
  const uwsgi_buffer* buffer = request_.websocket_buf;
  if (buffer == nullptr) return {};
  return std::as_writable_bytes(std::span(buffer->buf, buffer->pos));
}

/// Reads the available bytes, making room for the `wanted` ones of a long frame step by step.
UwsgiWebsocket::Filled UwsgiWebsocket::fill(std::size_t wanted) {
  const auto page = static_cast<std::size_t>(uwsgi.page_size);
  if (request_.websocket_buf == nullptr) {
    request_.websocket_buf = uwsgi_buffer_new(page);
    request_.websocket_need = 2;
  }
  uwsgi_buffer& buffer = *request_.websocket_buf;
  if (uwsgi_buffer_ensure(&buffer, std::clamp(wanted, page, kReadStep)) != 0) return Filled::kGone;
  errno = 0;
  const ssize_t count =
      request_.socket->proto_read_body(&request_, buffer.buf + buffer.pos, buffer.len - buffer.pos);
  if (count > 0) {
    buffer.pos += static_cast<std::size_t>(count);
    // A client that sends anything is alive.
    request_.websocket_last_pong = uwsgi_now();
    return Filled::kSome;
  }
  const bool would_wait = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINPROGRESS;
  if (count == 0 || !would_wait) return Filled::kGone;
  return keep_alive() ? Filled::kNothing : Filled::kGone;
}

/// Pings as uWSGI's own engine does (websockets-ping-freq). Returns false once the client has not
/// answered for too long (websockets-pong-tolerance).
bool UwsgiWebsocket::keep_alive() {
  const time_t now = uwsgi_now();
  const time_t last = request_.websocket_last_ping;
  if (last != 0 && request_.websocket_last_pong < last) {
    return now - last <= uwsgi.websockets_pong_tolerance;
  }
  if (last != 0 && now - last < uwsgi.websockets_ping_freq) return true;
  request_.websocket_last_ping = now;
  return write({uwsgi.websockets_ping->buf, uwsgi.websockets_ping->pos});
}

/// Returns the rule that a frame's header breaks, before any of its payload is kept.
ProtocolError UwsgiWebsocket::judge(const websocket::DecodedHeader& head) const noexcept {
  if (head.error != ProtocolError::kNone || !head.complete) return head.error;
  const uwsgi_buffer* begun = in_message_ ? uwsgi.websockets_continuation_buffer : nullptr;
  const std::size_t left = max_message_size() - (begun != nullptr ? begun->pos : 0);
  return websocket::check_in_context(head.header, {.in_message = in_message_, .room = left});
}

/// Returns whether the end was announced before, and marks it as announced.
bool UwsgiWebsocket::is_announced() noexcept { return std::exchange(end_is_announced_, true); }

/// Lets uWSGI's engine take the first frame in the buffer. kNothing: a fragment, and more is to
/// come.
NativeWebsocket::Received UwsgiWebsocket::take_data(const websocket::FrameHeader& header,
                                                    std::string& message, Kind& kind) {
  const Buffer part(uwsgi_websocket_recv_nb(&request_));
  if (!part) return end();
  if (header.opcode != websocket::Opcode::kContinuation) {
    begun_as_ = header.opcode == websocket::Opcode::kText ? Kind::kText : Kind::kBinary;
  }
  in_message_ = !header.fin;
  if (in_message_) return Received::kNothing;
  message.assign(part->buf, part->pos);
  kind = begun_as_;
  return Received::kMessage;
}

NativeWebsocket::Received UwsgiWebsocket::take_control(std::span<std::byte> frame,
                                                       std::string& message) {
  const std::size_t size = frame.size();
  websocket::Receiver strict;
  const auto incoming = strict.next(frame);
  using Event = websocket::Incoming::Kind;
  std::string pong;
  auto received = Received::kNothing;
  switch (incoming.kind) {
    case Event::kPing:
      if (!websocket::append_pong(pong, incoming.view()) || !write(pong)) return end();
      break;
    case Event::kPong:
      message = incoming.view();
      received = Received::kPong;
      break;
    case Event::kClose:
      send_close(incoming.close_code, {});
      return leave();
    default:
      return break_off(incoming.error);
  }
  return uwsgi_buffer_decapitate(request_.websocket_buf, size) == 0 ? received : end();
}

NativeWebsocket::Received UwsgiWebsocket::break_off(ProtocolError error) {
  send_close(websocket::close_code_for(error), websocket::message_for(error));
  return leave();
}

/// Ends the connection after our close frame, so that bytes which the client still sends do not
/// reset it and lose the frame.
NativeWebsocket::Received UwsgiWebsocket::leave() {
  if (request_.ssl == nullptr) ::shutdown(request_.fd, SHUT_WR);
  if (!traits_of(*request_.socket).can_be_taken) return end();
  ServedRequest& served = served_request_of(request_);
  take_stream_back(*served.connection(), request_);
  served.end_with(ending::InOrder{});
  return end();
}

NativeWebsocket::Received UwsgiWebsocket::end() noexcept {
  request_.websocket_closed = 1;
  return Received::kClosed;
}

bool UwsgiWebsocket::send(Kind kind, std::string_view message) {
  const ssize_t result =
      kind == Kind::kText ? uwsgi_websocket_send(&request_, chars(message), message.size())
                          : uwsgi_websocket_send_binary(&request_, chars(message), message.size());
  return result >= 0;
}

bool UwsgiWebsocket::send_ping(std::string_view payload) {
  std::string frame;
  return websocket::append_ping(frame, payload) && write(frame);
}

void UwsgiWebsocket::send_close(std::uint16_t code, std::string_view reason) {
  if (close_sent_ || request_.websocket_closed) return;
  close_sent_ = true;
  std::string frame;
  if (!websocket::append_close(frame, code, reason)) websocket::append_empty_close(frame);
  write(frame);
}

bool UwsgiWebsocket::write(std::string_view frame) {
  return uwsgi_response_write_body_do(&request_, chars(frame), frame.size()) == UWSGI_OK;
}

int UwsgiWebsocket::fd() const noexcept { return request_.fd; }

int UwsgiWebsocket::ping_interval() const noexcept { return uwsgi.websockets_ping_freq; }

}  // namespace aiopyr::plugin

#include <cassert>
#include <span>
#include <utility>

#include <aiopyr/runtime/base/append_bytes.h>
#include <aiopyr/runtime/text/utf8_validator.h>
#include <aiopyr/websocket/protocol/close_code.h>
#include <aiopyr/websocket/protocol/sender.h>

namespace aiopyr::websocket {
namespace {

FrameHeader make_header(Opcode opcode, OptionalMask mask) noexcept {
  FrameHeader header;
  header.opcode = opcode;
  header.masked = mask.has_value();
  header.mask = mask.value_or(MaskKey{});
  return header;
}

bool append_control(std::string& out, Opcode opcode, std::string_view payload, OptionalMask mask) {
  if (payload.size() > kMaxControlPayload) return false;
  append_frame(out, make_header(opcode, mask), payload);
  return true;
}

bool is_continuation_byte(char byte) noexcept {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80;
}

}  // namespace

void append_frame(std::string& out, FrameHeader header, std::string_view payload) {
  if (!header.masked && payload.size() <= kMaxShortLength) {
    // Handles nearly all frames of a server, with a header of two bytes.
    out.push_back(static_cast<char>(first_byte_of(header)));
    out.push_back(static_cast<char>(payload.size()));
    out.append(payload);
    return;
  }
  header.length = payload.size();
  out.append(encode_header(header).view());
  const auto start = out.size();
  append_bytes(out, payload);
  if (header.masked) apply_mask(std::as_writable_bytes(std::span{out}.subspan(start)), header.mask);
}

void append_message(std::string& out, Opcode type, std::string_view payload, OptionalMask mask,
                    std::uint8_t rsv) {
  assert(type == Opcode::kText || type == Opcode::kBinary);
  auto header = make_header(type, mask);
  header.rsv = rsv;
  append_frame(out, header, payload);
}

bool append_ping(std::string& out, std::string_view payload, OptionalMask mask) {
  return append_control(out, Opcode::kPing, payload, mask);
}

bool append_pong(std::string& out, std::string_view payload, OptionalMask mask) {
  return append_control(out, Opcode::kPong, payload, mask);
}

bool append_close(std::string& out, std::uint16_t code, std::string_view reason,
                  OptionalMask mask) {
  if (!may_be_on_wire(code)) return false;
  std::string payload{static_cast<char>(code >> 8U), static_cast<char>(code & 0xFFU)};
  payload.append(fit_close_reason(reason));
  return append_control(out, Opcode::kClose, payload, mask);
}

void append_empty_close(std::string& out, OptionalMask mask) {
  append_frame(out, make_header(Opcode::kClose, mask), {});
}

std::string_view fit_close_reason(std::string_view reason) noexcept {
  if (reason.size() > kMaxCloseReason) {
    std::size_t end = kMaxCloseReason;
    while (end > 0 && is_continuation_byte(reason[end])) --end;
    reason = reason.substr(0, end);
  }
  return is_valid_utf8(reason) ? reason : std::string_view{};
}

FrameHeader FragmentedMessage::next(std::uint64_t length, bool last, OptionalMask mask) noexcept {
  assert(!done_);
  auto header = make_header(std::exchange(opcode_, Opcode::kContinuation), mask);
  header.rsv = std::exchange(rsv_, std::uint8_t{0});
  header.fin = done_ = last;
  header.length = length;
  return header;
}

void FragmentedMessage::append(std::string& out, std::string_view payload, bool last,
                               OptionalMask mask) {
  append_frame(out, next(payload.size(), last, mask), payload);
}

}  // namespace aiopyr::websocket

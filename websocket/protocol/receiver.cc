#include <algorithm>
#include <utility>

#include <aiopyr/runtime/base/append_bytes.h>
#include <aiopyr/runtime/base/make_string.h>
#include <aiopyr/websocket/protocol/close_code.h>
#include <aiopyr/websocket/protocol/message_memory.h>
#include <aiopyr/websocket/protocol/receiver.h>
#include <aiopyr/websocket/protocol/simple_header.h>

namespace aiopyr::websocket {
namespace {

std::span<std::byte> take_front(std::span<std::byte>& input, std::uint64_t wanted) noexcept {
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(wanted, input.size()));
  const auto front = input.first(size);
  input = input.subspan(size);
  return front;
}

std::string_view as_view(std::span<const std::byte> bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// The size from which read_simple() unmasks a message into a string of its own, which take() gives
// away: that saves one pass over it.
constexpr std::size_t kOwnSize = detail::kShortestKept;

// The most bytes of one step of inflating, which are on the stack.
constexpr std::size_t kInflateStep = std::size_t{16} * 1024;
constexpr std::uint64_t kLargestRoom = std::uint64_t{1} << 62U;

}  // namespace

Incoming Receiver::next(std::span<std::byte>& input) {
  delivered_.clear();
  if (input.empty()) return {};
  if (auto incoming = read_simple(input)) return incoming;
  while (state_ != State::kEnded) {
    if (state_ == State::kHeader) {
      const auto error = read_header(input);
      if (error != ProtocolError::kNone) return fail(error);
      if (state_ == State::kHeader) return {};
    }
    auto incoming = read_payload(input);
    if (incoming || state_ == State::kPayload) return incoming;
  }
  input = {};
  return {};
}

std::string Receiver::take(const Incoming& incoming) {
  const bool ours = !delivered_.empty() && incoming.payload.data() == reinterpret_cast<std::byte*>(
                                                                          delivered_.get().data());
  if (ours) return delivered_.take();
  return copy_bytes(incoming.view());
}

std::size_t Receiver::memory() const noexcept {
  return message_.memory() + control_.memory() + delivered_.memory();
}

// Handles in one go what nearly every message is: one that has come whole in one frame, without an
// extension. Anything else, and whatever breaks a rule, is left for next().
Incoming Receiver::read_simple(std::span<std::byte>& input) {
  if (state_ != State::kHeader || partial_size_ != 0 || in_message_) return {};
  const auto header = decode_simple(input);
  const auto rest = input.size() - header.size;
  if (header.size == 0 || header.length > rest || header.length > options_.max_message_size ||
      options_.role != Role::kServer) {
    return {};
  }
  auto payload = input.subspan(header.size, header.length);
  input = input.last(rest - header.length);
  const bool is_ascii = payload.size() < kOwnSize ? apply_mask(payload, header.mask)
                                                  : unmask_apart(payload, header.mask);
  const bool is_text = header.opcode == Opcode::kText;
  if (is_text && !is_ascii && !(utf8_.feed(payload) && utf8_.complete())) {
    return fail(ProtocolError::kInvalidText);
  }
  Incoming incoming;
  incoming.kind = is_text ? Incoming::Kind::kText : Incoming::Kind::kBinary;
  incoming.payload = payload;
  return incoming;
}

/// Unmasks into a string of our own, and sets `payload` to it. Returns whether it is ASCII.
bool Receiver::unmask_apart(std::span<std::byte>& payload, MaskKey mask) {
  bool is_ascii = false;
  const auto fill = [&](char* to) {
    is_ascii = apply_mask(payload, reinterpret_cast<std::byte*>(to), mask);
  };
  delivered_.assign(make_string(payload.size(), fill, detail::take_message_memory(payload.size())));
  payload = std::as_writable_bytes(std::span{delivered_.get()});
  return is_ascii;
}

ProtocolError Receiver::read_header(std::span<std::byte>& input) {
  const auto decoded = partial_size_ == 0 ? decode_header(input) : complete_header(input);
  if (decoded.error != ProtocolError::kNone) return decoded.error;
  if (!decoded.complete) {
    const auto rest = take_front(input, input.size());
    std::copy(rest.begin(), rest.end(), partial_.begin() + partial_size_);
    partial_size_ = static_cast<std::uint8_t>(partial_size_ + rest.size());
    return ProtocolError::kNone;
  }
  if (partial_size_ == 0) input = input.subspan(decoded.size);
  partial_size_ = 0;
  const auto error = check_frame(decoded.header);
  if (error == ProtocolError::kNone) begin_frame(decoded.header);
  return error;
}

// Completes the header. Its size is known in two steps: after the second byte, then exactly.
DecodedHeader Receiver::complete_header(std::span<std::byte>& input) {
  auto decoded = decode_header(std::span{partial_}.first(partial_size_));
  while (!decoded.complete && decoded.error == ProtocolError::kNone && !input.empty()) {
    const auto more = take_front(input, decoded.size - partial_size_);
    std::copy(more.begin(), more.end(), partial_.begin() + partial_size_);
    partial_size_ = static_cast<std::uint8_t>(partial_size_ + more.size());
    decoded = decode_header(std::span{partial_}.first(partial_size_));
  }
  return decoded;
}

ProtocolError Receiver::check_frame(const FrameHeader& header) const noexcept {
  const auto inflated_rsv = options_.inflater != nullptr ? kRsv1 : std::uint8_t{0};
  const auto claimed_rsv = static_cast<std::uint8_t>(options_.claimed_rsv | inflated_rsv);
  return check_in_context(header, {options_.role, claimed_rsv, in_message_, longest_frame(header)});
}

// Returns the longest frame that can hold an allowed message. Some messages become longer by
// compression: zlib's deflateBound() adds less than a seventh for the worst of its settings, and
// the flush at the end of a frame a few bytes.
std::uint64_t Receiver::longest_frame(const FrameHeader& header) const noexcept {
  const std::uint64_t room = options_.max_message_size - message_.size();
  const auto rsv = header.opcode == Opcode::kContinuation ? message_rsv_ : header.rsv;
  if (options_.inflater == nullptr || (rsv & kRsv1) == 0) return room;
  return room < kLargestRoom ? room + room / 7 + 64 : room;
}

void Receiver::begin_frame(const FrameHeader& header) noexcept {
  frame_ = header;
  received_ = 0;
  state_ = State::kPayload;
  if (is_control(header.opcode) || header.opcode == Opcode::kContinuation) return;
  in_message_ = true;
  message_type_ = header.opcode;
  message_rsv_ = header.rsv;
}

Incoming Receiver::read_payload(std::span<std::byte>& input) {
  const auto piece = take_front(input, frame_.length - received_);
  const bool is_ascii = frame_.masked && apply_mask(piece, frame_.mask, received_);
  received_ += piece.size();
  const bool frame_done = received_ == frame_.length;
  if (frame_done) state_ = State::kHeader;
  return is_control(frame_.opcode) ? read_control(piece, frame_done)
                                   : read_data(piece, is_ascii, frame_done);
}

Incoming Receiver::read_data(std::span<std::byte> piece, bool is_ascii, bool frame_done) {
  if (inflates()) return read_compressed(piece, frame_done);
  if (checks_text() && !feed_text(piece, is_ascii)) return fail(ProtocolError::kInvalidText);
  if (frame_done && frame_.fin) return end_message(piece);
  keep(piece);
  return {};
}

// Validates text. ASCII between two characters is valid, and leaves the validator there.
bool Receiver::feed_text(std::span<const std::byte> piece, bool is_ascii) noexcept {
  return (is_ascii && utf8_.complete()) || utf8_.feed(piece);
}

Incoming Receiver::read_compressed(std::span<std::byte> piece, bool frame_done) {
  auto error = inflate(piece);
  const bool message_done = frame_done && frame_.fin;
  if (error == ProtocolError::kNone && message_done) {
    if (options_.inflater->needs_tail()) error = inflate(Inflater::kTail);
    if (error == ProtocolError::kNone && !options_.inflater->end_message()) {
      error = ProtocolError::kInvalidDeflateData;
    }
  }
  if (error != ProtocolError::kNone) return fail(error);
  return message_done ? end_message({}) : Incoming{};
}

ProtocolError Receiver::inflate(std::span<const std::byte> piece) {
  std::array<std::byte, kInflateStep> buffer;
  Inflater::Step step;
  while (!step.done && step.is_valid) {
    const auto room = options_.max_message_size - message_.size();
    const auto output =
        std::span{buffer}.first(std::min<std::uint64_t>(room, buffer.size() - 1) + 1);
    step = options_.inflater->next(piece, output);
    const auto error = keep_inflated(output.first(step.size));
    if (error != ProtocolError::kNone) return error;
  }
  return step.is_valid ? ProtocolError::kNone : ProtocolError::kInvalidDeflateData;
}

// Keeps inflated bytes, checked in their order, so that the outcome does not depend on how many of
// them come at once.
ProtocolError Receiver::keep_inflated(std::span<const std::byte> piece) {
  const auto room = static_cast<std::size_t>(options_.max_message_size - message_.size());
  const auto fitting = piece.first(std::min(piece.size(), room));
  if (checks_text() && !utf8_.feed(fitting)) return ProtocolError::kInvalidText;
  if (fitting.size() < piece.size()) return ProtocolError::kMessageOverSizeLimit;
  append_bytes(message_.get(), as_view(fitting));
  return ProtocolError::kNone;
}

Incoming Receiver::end_message(std::span<std::byte> piece) {
  if (checks_text() && !utf8_.complete()) return fail(ProtocolError::kInvalidText);
  in_message_ = false;
  Incoming incoming;
  incoming.kind = message_type_ == Opcode::kText ? Incoming::Kind::kText : Incoming::Kind::kBinary;
  incoming.rsv = message_rsv_;
  if (message_.empty()) {
    incoming.payload = piece;
  } else {
    keep(piece);
    incoming.payload = deliver(message_);
  }
  return incoming;
}

// Keeps bytes of a message. The memory grows with the bytes that arrive, never with what a header
// promises, so that a peer has to send a quarter of what it wants us to hold. The promise only
// limits the growth. Grows in few large steps, as each one copies and touches new pages.
void Receiver::keep(std::span<const std::byte> piece) {
  std::string& message = message_.get();
  const auto needed = message.size() + piece.size();
  if (needed > message.capacity()) {
    const auto left = static_cast<std::size_t>(frame_.length - received_);
    const auto growth = frame_.fin ? std::min(3 * needed, left) : needed;
    message.reserve(needed + growth);
  }
  append_bytes(message, as_view(piece));
}

Incoming Receiver::read_control(std::span<std::byte> piece, bool frame_done) {
  if (frame_done && control_.empty()) return end_control(piece);
  control_.get().append(as_view(piece));
  return frame_done ? end_control(deliver(control_)) : Incoming{};
}

Incoming Receiver::end_control(std::span<std::byte> payload) {
  if (frame_.opcode == Opcode::kClose) return end_close(payload);
  Incoming incoming;
  incoming.kind = frame_.opcode == Opcode::kPing ? Incoming::Kind::kPing : Incoming::Kind::kPong;
  incoming.payload = payload;
  return incoming;
}

// Reads a close frame's payload (RFC 6455 section 5.5.1): empty, or a two-byte code and a reason.
Incoming Receiver::end_close(std::span<std::byte> payload) {
  Incoming incoming;
  incoming.kind = Incoming::Kind::kClose;
  incoming.close_code = kNoStatusReceived;
  if (payload.size() == 1) return fail(ProtocolError::kShortClosePayload);
  if (!payload.empty()) {
    incoming.close_code = static_cast<std::uint16_t>((std::to_integer<unsigned>(payload[0]) << 8U) |
                                                     std::to_integer<unsigned>(payload[1]));
    incoming.payload = payload.subspan(2);
    if (!may_be_on_wire(incoming.close_code)) return fail(ProtocolError::kInvalidCloseCode);
    if (!is_valid_utf8(incoming.view())) return fail(ProtocolError::kInvalidCloseReason);
  }
  end();
  return incoming;
}

std::span<std::byte> Receiver::deliver(LazyString& kept) {
  delivered_ = std::exchange(kept, {});
  return std::as_writable_bytes(std::span{delivered_.get()});
}

Incoming Receiver::fail(ProtocolError error) {
  Incoming incoming;
  incoming.kind = Incoming::Kind::kError;
  incoming.error = error;
  delivered_.clear();
  end();
  return incoming;
}

void Receiver::end() {
  state_ = State::kEnded;
  in_message_ = false;
  partial_size_ = 0;
  message_.clear();
  control_.clear();
  if (options_.inflater != nullptr) options_.inflater->reset();
}

}  // namespace aiopyr::websocket

#include <algorithm>
#include <cstring>

#include <simdjson.h>

#include <aiopyr/websocket/protocol/utf8.h>

namespace aiopyr::websocket {
namespace {

constexpr std::size_t kShort = 64;  // below this a plain ASCII test beats the call into simdjson

bool is_ascii(std::span<const std::byte> bytes) noexcept {
  std::uint64_t seen = 0;
  while (bytes.size() >= sizeof seen) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data(), sizeof word);
    seen |= word;
    bytes = bytes.subspan(sizeof seen);
  }
  for (const auto byte : bytes) seen |= std::to_integer<std::uint64_t>(byte);
  return (seen & 0x8080808080808080U) == 0;
}

std::size_t sequence_length(std::uint8_t first) noexcept {
  if (first < 0xC0) return 1;
  if (first < 0xE0) return 2;
  return first < 0xF0 ? 3 : 4;
}

// How many bytes at the end belong to a character that goes on after it: 0 to 3.
std::size_t open_tail(std::span<const std::byte> bytes) noexcept {
  const std::size_t reach = std::min<std::size_t>(bytes.size(), 3);
  for (std::size_t back = 1; back <= reach; ++back) {
    const auto byte = std::to_integer<std::uint8_t>(bytes[bytes.size() - back]);
    if ((byte & 0xC0U) == 0x80) continue;
    return sequence_length(byte) > back ? back : 0;
  }
  return 0;
}

bool is_valid(std::span<const std::byte> bytes) noexcept {
  return simdjson::validate_utf8(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

}  // namespace

// RFC 3629 section 4: the second byte's range depends on the first, which leaves out overlong
// forms (after E0, F0), surrogates (after ED) and what is above U+10FFFF (after F4).
bool Utf8Validator::start(std::uint8_t byte) noexcept {
  low_ = 0x80;
  high_ = 0xBF;
  if (byte < 0x80) return true;
  if (byte < 0xC2 || byte > 0xF4) return false;
  needed_ = static_cast<std::uint8_t>(sequence_length(byte) - 1);
  if (byte == 0xE0) low_ = 0xA0;
  if (byte == 0xED) high_ = 0x9F;
  if (byte == 0xF0) low_ = 0x90;
  if (byte == 0xF4) high_ = 0x8F;
  return true;
}

bool Utf8Validator::step(std::uint8_t byte) noexcept {
  if (needed_ == 0) return start(byte);
  if (byte < low_ || byte > high_) return false;
  low_ = 0x80;
  high_ = 0xBF;
  --needed_;
  return true;
}

bool Utf8Validator::feed_bytes(std::span<const std::byte> piece) noexcept {
  return std::all_of(piece.begin(), piece.end(),
                     [this](std::byte byte) { return step(std::to_integer<std::uint8_t>(byte)); });
}

bool Utf8Validator::feed(std::span<const std::byte> piece) noexcept {
  while (needed_ != 0 && !piece.empty()) {
    if (!step(std::to_integer<std::uint8_t>(piece.front()))) return false;
    piece = piece.subspan(1);
  }
  if (piece.size() < kShort && is_ascii(piece)) return true;
  const std::size_t whole = piece.size() - open_tail(piece);
  return is_valid(piece.first(whole)) && feed_bytes(piece.subspan(whole));
}

bool is_valid_utf8(std::string_view text) noexcept {
  Utf8Validator validator;
  return validator.feed(std::as_bytes(std::span{text})) && validator.complete();
}

}  // namespace aiopyr::websocket

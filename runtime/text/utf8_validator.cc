#include <algorithm>
#include <cstring>

#include <simdjson.h>

#include <aiopyr/runtime/text/utf8_sequence.h>
#include <aiopyr/runtime/text/utf8_validator.h>

namespace aiopyr {
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

// Returns how many bytes at the end belong to a character that is not complete: 0 to 3.
std::size_t open_tail(std::span<const std::byte> bytes) noexcept {
  const std::size_t reach = std::min<std::size_t>(bytes.size(), 3);
  for (std::size_t back = 1; back <= reach; ++back) {
    const auto byte = std::to_integer<std::uint8_t>(bytes[bytes.size() - back]);
    if ((byte & 0xC0U) == 0x80) continue;
    return detail::utf8_sequence_of(byte).length > back ? back : 0;
  }
  return 0;
}

bool is_valid(std::span<const std::byte> bytes) noexcept {
  return simdjson::validate_utf8(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

}  // namespace

bool Utf8Validator::start(std::uint8_t byte) noexcept {
  const auto sequence = detail::utf8_sequence_of(byte);
  if (sequence.length == 0) return false;
  needed_ = static_cast<std::uint8_t>(sequence.length - 1);
  low_ = sequence.second_min;
  high_ = sequence.second_max;
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

}  // namespace aiopyr

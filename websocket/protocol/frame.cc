#include <algorithm>
#include <cassert>

#include <aiopyr/websocket/protocol/frame.h>

namespace aiopyr::websocket {
namespace {

constexpr std::uint8_t kFinBit = 0x80;
constexpr std::uint8_t kRsvBits = kRsv1 | kRsv2 | kRsv3;
constexpr std::uint8_t kOpcodeBits = 0x0F;
constexpr std::uint8_t kMaskBit = 0x80;
constexpr std::uint8_t kLengthBits = 0x7F;
constexpr std::uint8_t kLength16 = kMaxShortLength + 1;
constexpr std::uint8_t kLength64 = kMaxShortLength + 2;

std::uint64_t read_big_endian(std::span<const std::byte> bytes) noexcept {
  std::uint64_t value = 0;
  for (const auto byte : bytes) value = (value << 8U) | std::to_integer<std::uint64_t>(byte);
  return value;
}

void write_big_endian(std::span<std::byte> bytes, std::uint64_t value) noexcept {
  for (auto at = bytes.rbegin(); at != bytes.rend(); ++at, value >>= 8U) {
    *at = static_cast<std::byte>(value & 0xFFU);
  }
}

std::size_t extended_size(std::uint8_t length_bits) noexcept {
  if (length_bits == kLength64) return 8;
  return length_bits == kLength16 ? 2 : 0;
}

std::uint8_t length_bits_for(std::uint64_t length) noexcept {
  if (length > 0xFFFF) return kLength64;
  return length >= kLength16 ? kLength16 : static_cast<std::uint8_t>(length);
}

ProtocolError read_first_byte(std::byte byte, FrameHeader& header) noexcept {
  const auto bits = std::to_integer<std::uint8_t>(byte);
  header.fin = (bits & kFinBit) != 0;
  header.rsv = bits & kRsvBits;
  header.opcode = static_cast<Opcode>(bits & kOpcodeBits);
  return check_first_byte(header);
}

ProtocolError read_extended_length(std::span<const std::byte> bytes, FrameHeader& header) noexcept {
  if (bytes.empty()) return ProtocolError::kNone;
  header.length = read_big_endian(bytes);
  return check_extended_length(header, bytes.size());
}

}  // namespace

EncodedHeader encode_header(const FrameHeader& header) noexcept {
  assert((header.length >> 63U) == 0);
  EncodedHeader out;
  const auto length_bits = length_bits_for(header.length);
  const auto extended = extended_size(length_bits);
  out.bytes[0] = static_cast<std::byte>(first_byte_of(header));
  out.bytes[1] = static_cast<std::byte>((header.masked ? kMaskBit : 0U) | length_bits);
  write_big_endian(std::span{out.bytes}.subspan(2, extended), header.length);
  out.size = 2 + extended;
  if (header.masked) {
    std::copy(header.mask.begin(), header.mask.end(), out.bytes.begin() + out.size);
    out.size += header.mask.size();
  }
  return out;
}

DecodedHeader decode_header(std::span<const std::byte> bytes) noexcept {
  DecodedHeader out;
  auto& header = out.header;
  if (bytes.empty()) return out;
  out.error = read_first_byte(bytes[0], header);
  if (out.error != ProtocolError::kNone || bytes.size() < 2) return out;

  const auto second = std::to_integer<std::uint8_t>(bytes[1]);
  const auto length_bits = static_cast<std::uint8_t>(second & kLengthBits);
  const auto extended = extended_size(length_bits);
  header.masked = (second & kMaskBit) != 0;
  header.length = length_bits;
  out.size = 2 + extended + (header.masked ? header.mask.size() : 0);
  out.error = check_short_length(header);
  if (out.error != ProtocolError::kNone || bytes.size() < 2 + extended) return out;
  out.error = read_extended_length(bytes.subspan(2, extended), header);
  if (out.error != ProtocolError::kNone || bytes.size() < out.size) return out;
  if (header.masked) std::copy_n(bytes.begin() + 2 + extended, 4, header.mask.begin());
  out.complete = true;
  return out;
}

}  // namespace aiopyr::websocket

#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <aiopyr/websocket/protocol/receiver.h>

/// Byte streams and a receiver's events for them, for tests and fuzzers of the protocol layer.
namespace aiopyr::websocket::testing {

inline constexpr MaskKey kMask{std::byte{0x37}, std::byte{0xFA}, std::byte{0x21}, std::byte{0x3D}};

/// Returns a string of the given bytes, zeros included.
inline std::string bytes(std::initializer_list<int> values) {
  std::string out;
  for (const int value : values) out.push_back(static_cast<char>(value));
  return out;
}

/// Returns a masked frame with a correct length, for any first byte.
inline std::string frame(int first_byte, std::string_view payload) {
  FrameHeader header;
  header.masked = true;
  header.mask = kMask;
  header.length = payload.size();
  auto encoded = encode_header(header);
  encoded.bytes[0] = static_cast<std::byte>(first_byte);
  std::string out{encoded.view()};
  out.append(payload);
  apply_mask(std::as_writable_bytes(std::span{out}.subspan(encoded.size)), kMask);
  return out;
}

/// Describes an event in one line: `text:hello`, `close:1000:bye`, `error:1002:reserved bits are
/// set`.
inline std::string describe(const Incoming& incoming) {
  using Kind = Incoming::Kind;
  const std::string rsv = incoming.rsv == 0 ? "" : "/" + std::to_string(incoming.rsv);
  switch (incoming.kind) {
    case Kind::kNone:
      return "none";
    case Kind::kText:
      return "text" + rsv + ":" + std::string{incoming.view()};
    case Kind::kBinary:
      return "binary" + rsv + ":" + std::string{incoming.view()};
    case Kind::kPing:
      return "ping:" + std::string{incoming.view()};
    case Kind::kPong:
      return "pong:" + std::string{incoming.view()};
    case Kind::kClose:
      return "close:" + std::to_string(incoming.close_code) + ":" + std::string{incoming.view()};
    case Kind::kError:
      return "error:" + std::to_string(close_code_for(incoming.error)) + ":" +
             std::string{message_for(incoming.error)};
  }
  return "?";
}

inline ReceiverOptions as_client() {
  ReceiverOptions options;
  options.role = Role::kClient;
  return options;
}

using Events = std::vector<std::string>;

/// Feeds one piece, in a buffer of its own so that a sanitizer detects reads beyond it.
inline void feed(Receiver& receiver, std::string_view piece, Events& events) {
  std::vector<std::byte> buffer(piece.size());
  std::copy_n(reinterpret_cast<const std::byte*>(piece.data()), piece.size(), buffer.begin());
  auto input = std::span{buffer};
  while (auto incoming = receiver.next(input)) events.push_back(describe(incoming));
}

/// Returns the events of a stream that is cut before each of the (ascending) positions.
inline Events receive(std::string_view stream, const std::vector<std::size_t>& cuts = {},
                      ReceiverOptions options = {}) {
  Receiver receiver{options};
  Events events;
  std::size_t start = 0;
  for (const auto cut : cuts) {
    feed(receiver, stream.substr(start, cut - start), events);
    start = cut;
  }
  feed(receiver, stream.substr(start), events);
  return events;
}

/// Returns every position, for a stream that arrives byte by byte.
inline std::vector<std::size_t> every_byte(std::string_view stream) {
  std::vector<std::size_t> cuts;
  for (std::size_t i = 1; i < stream.size(); ++i) cuts.push_back(i);
  return cuts;
}

/// Returns some positions, different for each seed; for fuzzers.
inline std::vector<std::size_t> cuts_of(std::size_t size, std::uint8_t seed) {
  std::vector<std::size_t> cuts;
  std::uint32_t state = seed + 1U;
  for (std::size_t at = 0;;) {
    state = state * 1664525U + 1013904223U;
    at += (state >> 24U) % (seed % 61U + 1U) + ((state >> 16U) & 1U);
    if (at >= size) return cuts;
    cuts.push_back(at);
  }
}

}  // namespace aiopyr::websocket::testing

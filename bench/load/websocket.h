#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "options.h"
#include "sockets.h"

/// A client's side of RFC 6455, as far as a load needs it.
namespace load {

inline constexpr std::uint8_t kText = 0x1;
inline constexpr std::uint8_t kClose = 0x8;
inline constexpr std::uint8_t kPing = 0x9;
inline constexpr std::uint8_t kPong = 0xA;

/// Connects and shakes hands; waits for that. Throws LoadError where the server refuses.
[[nodiscard]] Fd open_websocket(const Options& options);

/// The bytes before the payload of a whole message: without a mask, a server's.
[[nodiscard]] std::string frame_head(std::uint8_t opcode, std::size_t length, bool is_masked);

/// Masks, or unmasks, in place; the first byte is the `offset`-th of its payload.
void apply_mask(std::string_view key, char* bytes, std::size_t count, std::size_t offset = 0);

/// A client's whole frame.
[[nodiscard]] std::string masked_frame(std::uint8_t opcode, std::string_view payload);

struct Frame {
  std::uint8_t opcode;
  std::string_view payload;
  std::size_t size;  ///< with its head
};

/// The server's frame that `input` begins with; none where it is not complete. Throws LoadError for
/// one in pieces, with a mask or with reserved bits.
[[nodiscard]] std::optional<Frame> first_frame(std::string_view input);

}  // namespace load

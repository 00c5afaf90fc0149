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

/// Connects and completes the handshake, and waits for that. Throws LoadError if the server
/// refuses.
[[nodiscard]] Fd open_websocket(const Options& options);

/// Returns the bytes before the payload of a whole message: of a server's, without a mask.
[[nodiscard]] std::string frame_head(std::uint8_t opcode, std::size_t length, bool is_masked);

/// Masks, or unmasks, in place; the first byte is the `offset`-th of its payload.
void apply_mask(std::string_view key, char* bytes, std::size_t count, std::size_t offset = 0);

/// Returns a client's whole frame.
[[nodiscard]] std::string masked_frame(std::uint8_t opcode, std::string_view payload);

struct Frame {
  std::uint8_t opcode;
  std::string_view payload;
  std::size_t size;  ///< with its head
};

/// Returns the server's frame that `input` begins with; nullopt if it is not complete. Throws
/// LoadError for a fragmented or masked one, or one with reserved bits.
[[nodiscard]] std::optional<Frame> first_frame(std::string_view input);

}  // namespace load

#pragma once

#include <array>
#include <cstddef>
#include <span>

/// Masking of payloads: RFC 6455 section 5.3. Masking and unmasking are the same operation.
/// A pure function over the caller's bytes, for any thread.
namespace aiopyr::websocket {

/// The four bytes in the order in which they are on the wire.
using MaskKey = std::array<std::byte, 4>;

/// XORs `data`, in place, with `key` repeated. `offset` is the position of data[0] in the payload,
/// so that a payload may be unmasked in pieces of any length. Returns whether what has become of it
/// is ASCII: while the bytes are at hand that costs next to nothing, and most texts need no other
/// check then.
bool apply_mask(std::span<std::byte> data, MaskKey key, std::size_t offset = 0) noexcept;

/// The same, from `from` to as many bytes at `to`, which has to be the same or to lie apart.
bool apply_mask(std::span<const std::byte> from, std::byte* to, MaskKey key,
                std::size_t offset = 0) noexcept;

}  // namespace aiopyr::websocket

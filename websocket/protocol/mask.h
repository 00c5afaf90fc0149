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
/// so that a payload may be unmasked in pieces of any length. Returns whether the result is ASCII:
/// that costs nearly nothing while the bytes are loaded, and most texts then need no other check.
bool apply_mask(std::span<std::byte> data, MaskKey key, std::size_t offset = 0) noexcept;

/// Masks from `from` to as many bytes at `to`; both are the same memory or do not overlap.
bool apply_mask(std::span<const std::byte> from, std::byte* to, MaskKey key,
                std::size_t offset = 0) noexcept;

}  // namespace aiopyr::websocket

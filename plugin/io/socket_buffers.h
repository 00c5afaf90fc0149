#pragma once

#include <cstddef>

namespace aiopyr::plugin {

/// The bytes in the kernel's buffers of a connection; 0 if unknown.

/// Returns the bytes that have arrived and were not read yet.
std::size_t unread_bytes(int fd) noexcept;

/// Returns the bytes that were written and that the peer has not taken yet.
std::size_t unsent_bytes(int fd) noexcept;

}  // namespace aiopyr::plugin

#pragma once

#include <cstddef>

namespace aiopyr::plugin {

/// What the kernel holds for a connection, in bytes; 0 where it does not say.

/// What has come and was not read yet.
std::size_t unread_bytes(int fd) noexcept;

/// What was written, and its peer has not taken yet.
std::size_t unsent_bytes(int fd) noexcept;

}  // namespace aiopyr::plugin

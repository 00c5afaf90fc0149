#pragma once

#include <cstddef>
#include <string>

/// The memory of one long message, used again for the next: malloc takes a tenth of a microsecond
/// to find some kilobytes and to take them back, which is an eightieth of an echo. Each thread has
/// its own.
namespace aiopyr::websocket::detail {

/// Shorter ones malloc is fast with; longer ones would hold much memory for nobody.
inline constexpr std::size_t kShortestKept = std::size_t{4} * 1024;
inline constexpr std::size_t kLongestKept = std::size_t{128} * 1024;

/// A string without content that has room for `size` bytes and not for many more, or that has none.
[[nodiscard]] std::string take_message_memory(std::size_t size) noexcept;

/// Keeps the memory of `message` where the last take would have had use for it; otherwise frees it.
/// Its content is lost.
void keep_message_memory(std::string& message) noexcept;

}  // namespace aiopyr::websocket::detail

#pragma once

#include <cstddef>
#include <string>

/// Keeps the memory of one long message for the next: malloc takes a tenth of a microsecond to find
/// and to free some kilobytes, which is an eightieth of an echo. Each thread has its own.
namespace aiopyr::websocket::detail {

/// The sizes that are kept: malloc is fast with shorter ones; longer ones would waste memory.
inline constexpr std::size_t kShortestKept = std::size_t{4} * 1024;
inline constexpr std::size_t kLongestKept = std::size_t{128} * 1024;

/// Returns an empty string with room for `size` bytes, and at most twice as many, or without
/// memory.
[[nodiscard]] std::string take_message_memory(std::size_t size) noexcept;

/// Keeps the memory of `message` if it would have fitted the last take; otherwise frees it. Its
/// content is lost.
void keep_message_memory(std::string& message) noexcept;

}  // namespace aiopyr::websocket::detail

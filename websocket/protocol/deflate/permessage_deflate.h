#pragma once

#include <cstddef>
#include <string_view>

namespace aiopyr {

/// The settings of permessage-deflate (RFC 7692) for one view, by the names of the RFC.
///
/// A plain value. The defaults are those of Python's websockets: windows of 4 KiB compress messages
/// of that kind nearly as well as those of 32 KiB, for a sixth of the memory. docs/websockets.md
/// has the price of each combination.
struct PermessageDeflate {
  /// The window that we compress with, 9 to 15: 2 to that power bytes. A client may ask for less.
  int server_max_window_bits = 12;
  /// The window that clients are to compress with, 9 to 15. It binds those that offer to be bound,
  /// as Chromium does; others, such as Firefox, use all 15 bits.
  int client_max_window_bits = 12;
  /// Each message that we send is compressed on its own: no memory between messages. Also where a
  /// client asks for it.
  bool server_no_context_takeover = false;
  /// Likewise each message that a client sends.
  bool client_no_context_takeover = false;
  /// zlib's: 0 (none), 1 (fast) to 9 (small).
  int level = 6;
  /// zlib's: 1 (little memory) to 9 (fast).
  int mem_level = 5;
  /// Messages with fewer bytes are sent as they are.
  std::size_t min_size = 64;

  bool operator==(const PermessageDeflate&) const = default;
};

/// What is wrong with `options`, for the message of an error; empty where nothing is.
[[nodiscard]] std::string_view find_mistake(const PermessageDeflate& options) noexcept;

}  // namespace aiopyr

#pragma once

#include <cstddef>
#include <string_view>

namespace aiopyr {

/// The settings of permessage-deflate (RFC 7692) for one view, by the names of the RFC.
///
/// A plain value. The defaults are those of Python's websockets: windows of 4 KiB compress such
/// messages nearly as well as those of 32 KiB, for a sixth of the memory. docs/websockets.md lists
/// the cost of each combination.
struct PermessageDeflate {
  /// The window of our compression, 9 to 15: 2 to that power bytes. A client may ask for less.
  int server_max_window_bits = 12;
  /// The window of the clients' compression, 9 to 15. It limits clients that offer to be limited,
  /// as Chromium does; others, such as Firefox, use all 15 bits.
  int client_max_window_bits = 12;
  /// Compresses each of our messages on its own: no memory between messages. A client may also ask
  /// for it.
  bool server_no_context_takeover = false;
  /// Makes clients compress each of their messages on its own.
  bool client_no_context_takeover = false;
  /// zlib's level: 0 (none), 1 (fast) to 9 (small).
  int level = 6;
  /// zlib's memory level: 1 (little memory) to 9 (fast).
  int mem_level = 5;
  /// Messages with fewer bytes are sent uncompressed.
  std::size_t min_size = 64;

  bool operator==(const PermessageDeflate&) const = default;
};

/// Returns what is wrong with `options`, for the message of an error; empty if they are valid.
[[nodiscard]] std::string_view find_mistake(const PermessageDeflate& options) noexcept;

}  // namespace aiopyr

#pragma once

#include <string>
#include <string_view>

#include <aiopyr/websocket/protocol/deflate/zlib_streams.h>

/// Compresses our messages for one peer: RFC 7692 section 7.2.1, without I/O.
///
/// Used by one connection, in its context. Holds a window from a message's first piece to its last,
/// and between messages only with context takeover; none before the first message.
namespace aiopyr::websocket {

class Deflater {
 public:
  /// `window_bits` is the negotiated value, 8 to 15. `keeps_window` means context takeover (section
  /// 7.1.1): messages may refer to earlier ones.
  ///
  /// zlib has no window of 8 bits for raw data, so a window of 9 bits is used: zlib refers no
  /// farther back than its window less 262 bytes (MIN_LOOKAHEAD), which is 250, within the 256 of 8
  /// bits.
  Deflater(const detail::DeflateSettings& settings, bool keeps_window) noexcept;

  /// Appends a message's payload. A message may also come in pieces, one per frame, the last with
  /// `last`. Returns false, and appends nothing, if there is no memory for a window: then the
  /// message has to be sent uncompressed. Only the first piece can fail.
  [[nodiscard]] bool append(std::string& out, std::string_view piece, bool last = true);

  /// Makes the next message refer to nothing before it. Also necessary after the peer got a
  /// compressed message from elsewhere: its window includes that one, and ours does not. Requires
  /// that no message has begun.
  void reset() noexcept;

  [[nodiscard]] bool keeps_window() const noexcept { return keeps_window_; }
  [[nodiscard]] bool holds_window() const noexcept { return stream_ != nullptr; }
  [[nodiscard]] const detail::DeflateSettings& settings() const noexcept { return settings_; }

 private:
  detail::DeflateStream stream_;
  detail::DeflateSettings settings_;
  bool keeps_window_;
};

}  // namespace aiopyr::websocket

#pragma once

#include <memory>

struct z_stream_s;

/// zlib's streams of raw deflate data (RFC 1951), and a cache of idle ones for the next message.
///
/// A stream is costly to make and to keep, and without context takeover it is only needed during
/// one message. So each thread caches a few: one for inflating, and one for deflating for each
/// setting in use. A stream belongs to the code that has taken it.
namespace aiopyr::websocket::detail {

struct EndInflate {
  void operator()(z_stream_s* stream) const noexcept;
};
struct EndDeflate {
  void operator()(z_stream_s* stream) const noexcept;
};
using InflateStream = std::unique_ptr<z_stream_s, EndInflate>;
using DeflateStream = std::unique_ptr<z_stream_s, EndDeflate>;

struct DeflateSettings {
  int window_bits = 15;  ///< 9 to 15
  int level = 6;
  int mem_level = 8;

  bool operator==(const DeflateSettings&) const = default;
};

/// Returns a stream with an empty window of 2^window_bits bytes, 8 to 15. Throws std::bad_alloc.
[[nodiscard]] InflateStream take_inflate_stream(int window_bits);
/// Resets the stream and keeps it for the next message.
void give_back(InflateStream stream) noexcept;

/// Returns a stream; null if there is no memory for it.
[[nodiscard]] DeflateStream take_deflate_stream(const DeflateSettings& settings) noexcept;
void give_back(DeflateStream stream, const DeflateSettings& settings) noexcept;

}  // namespace aiopyr::websocket::detail

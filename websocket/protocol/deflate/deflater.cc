#include <algorithm>
#include <array>
#include <cassert>
#include <utility>
#include <zlib.h>

#include <aiopyr/websocket/protocol/deflate/deflater.h>

namespace aiopyr::websocket {
namespace {

constexpr std::size_t kOutputSize = std::size_t{16} * 1024;
constexpr std::size_t kLargestInput = std::size_t{1} << 30U;
constexpr std::string_view kFlushed{"\x00\x00\xFF\xFF", 4};
constexpr int kSmallestWindow = 9;

void deflate_block(z_stream& stream, std::string& out, int flush) {
  std::array<char, kOutputSize> buffer;
  do {
    stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream.avail_out = buffer.size();
    ::deflate(&stream, flush);
    out.append(buffer.data(), buffer.size() - stream.avail_out);
  } while (stream.avail_out == 0);
}

/// Compresses a piece and ends it with an empty block, whose last four bytes are kFlushed.
void deflate_piece(z_stream& stream, std::string& out, std::string_view piece) {
  do {
    const auto part = piece.substr(0, kLargestInput);
    piece.remove_prefix(part.size());
    // The cast is needed, since zlib's interface has no const.
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(part.data()));
    stream.avail_in = static_cast<uInt>(part.size());
    deflate_block(stream, out, piece.empty() ? Z_SYNC_FLUSH : Z_NO_FLUSH);
  } while (!piece.empty());
}

}  // namespace

Deflater::Deflater(const detail::DeflateSettings& settings, bool keeps_window) noexcept
    : settings_(settings), keeps_window_(keeps_window) {
  settings_.window_bits = std::max(settings_.window_bits, kSmallestWindow);
}

bool Deflater::append(std::string& out, std::string_view piece, bool last) {
  if (!stream_) stream_ = detail::take_deflate_stream(settings_);
  if (!stream_) return false;
  if (!piece.empty()) {
    deflate_piece(*stream_, out, piece);
    assert(out.ends_with(kFlushed));
    if (last) out.resize(out.size() - kFlushed.size());
  } else if (last) {
    // Writes the empty block of section 7.2.3.6: zlib writes nothing for empty input.
    out.push_back('\0');
  }
  if (last && !keeps_window_) reset();
  return true;
}

void Deflater::reset() noexcept {
  if (stream_) detail::give_back(std::move(stream_), settings_);
}

}  // namespace aiopyr::websocket

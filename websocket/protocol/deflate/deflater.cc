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

/// Ends with an empty block, the last four bytes of which are kFlushed.
void deflate_piece(z_stream& stream, std::string& out, std::string_view piece) {
  do {
    const auto part = piece.substr(0, kLargestInput);
    piece.remove_prefix(part.size());
    // zlib's interface was made before const.
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
    // zlib writes nothing for nothing: section 7.2.3.6 has the empty block.
    out.push_back('\0');
  }
  if (last && !keeps_window_) reset();
  return true;
}

void Deflater::reset() noexcept {
  if (stream_) detail::give_back(std::move(stream_), settings_);
}

}  // namespace aiopyr::websocket

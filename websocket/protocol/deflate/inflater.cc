#include <algorithm>
#include <limits>
#include <new>
#include <utility>
#include <zlib.h>

#include <aiopyr/websocket/protocol/deflate/inflater.h>

namespace aiopyr::websocket {
namespace {

// The bit of data_type after a block that ended at a byte boundary (zlib.h, inflate()).
constexpr int kBetweenBlocks = 128;

uInt zlib_size(std::size_t size) noexcept {
  return static_cast<uInt>(std::min<std::size_t>(size, std::numeric_limits<uInt>::max()));
}

/// Inflates blocks. Section 7.2.3.4 lets a sender mark blocks as final and continue after them, so
/// a final block only ends the block here. inflateResetKeep() keeps the window; zlib.h declares it
/// but does not document it. The documented way would copy the window twice for perhaps two bytes
/// of input.
int inflate_blocks(z_stream& stream) noexcept {
  int result = Z_STREAM_END;
  do {
    result = ::inflate(&stream, Z_SYNC_FLUSH);
    if (result == Z_STREAM_END) ::inflateResetKeep(&stream);
  } while (result == Z_STREAM_END && stream.avail_in > 0 && stream.avail_out > 0);
  return result;
}

}  // namespace

Inflater::Step Inflater::next(std::span<const std::byte>& input, std::span<std::byte> output) {
  // Returns early: zlib would forget its position if called with no input.
  if (between_blocks_ && input.empty()) return {.done = true};
  if (!stream_) stream_ = detail::take_inflate_stream(window_bits_);
  // The cast is needed, since zlib's interface has no const.
  stream_->next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(input.data()));
  stream_->avail_in = zlib_size(input.size());
  stream_->next_out = reinterpret_cast<Bytef*>(output.data());
  stream_->avail_out = zlib_size(output.size());
  const auto room = stream_->avail_out;
  const auto offered = stream_->avail_in;
  const int result = inflate_blocks(*stream_);
  if (result == Z_MEM_ERROR) throw std::bad_alloc();
  input = input.subspan(offered - stream_->avail_in);
  Step step;
  step.size = room - stream_->avail_out;
  between_blocks_ = result == Z_STREAM_END || stream_->data_type == kBetweenBlocks;
  // Z_BUF_ERROR: zlib could make no progress, which is not an error.
  step.is_valid = result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR;
  step.done = input.empty() && stream_->avail_out > 0;
  return step;
}

bool Inflater::end_message() noexcept {
  if (!between_blocks_) return false;
  if (!keeps_window_) reset();
  return true;
}

void Inflater::reset() noexcept {
  if (stream_) detail::give_back(std::move(stream_));
  between_blocks_ = true;
}

}  // namespace aiopyr::websocket

#include <algorithm>

#include <aiopyr/runtime/http1/chunked_decoder.h>
#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/text/octets.h>

namespace aiopyr {
namespace {

/// The bytes that a chunk's size line and its CRLFs may always take.
constexpr std::uint64_t kLineAllowance = 16;

/// The largest chunk size: far from the maximum of its type, so that sums do not overflow.
constexpr std::uint64_t kMaxChunk = std::uint64_t{1} << 56;

}  // namespace

ChunkedDecoder::Piece ChunkedDecoder::next(std::string_view& input) noexcept {
  for (;;) {
    if (state_ == State::kEnd) return {Status::kEnd, {}};
    if (state_ == State::kError) return {Status::kError, {}};
    if (input.empty()) return {Status::kMore, {}};
    if (state_ == State::kData) return take_data(input);
    state_ = after(input.front());
    if (state_ == State::kError) continue;
    input.remove_prefix(1);
    if (++excess_ > kMaxExcess) state_ = State::kError;
  }
}

ChunkedDecoder::Piece ChunkedDecoder::take_data(std::string_view& input) noexcept {
  const std::string_view data = input.substr(0, std::min<std::uint64_t>(left_, input.size()));
  input.remove_prefix(data.size());
  left_ -= data.size();
  excess_ -= std::min(excess_, data.size());
  if (left_ == 0) state_ = State::kDataReturn;
  return {Status::kData, data};
}

ChunkedDecoder::State ChunkedDecoder::after(char c) noexcept {
  switch (state_) {
    case State::kSizeStart:
    case State::kSize:
      return after_size_digit(c);
    case State::kExtension:
      if (c == '\r') return State::kSizeLineFeed;
      return detail::is_octet(c, detail::kValueOctet) ? State::kExtension : State::kError;
    case State::kSizeLineFeed:
      return c == '\n' ? after_size_line() : State::kError;
    case State::kDataReturn:
      return c == '\r' ? State::kDataLineFeed : State::kError;
    case State::kDataLineFeed:
      return c == '\n' ? State::kSizeStart : State::kError;
    case State::kTrailerStart:
      if (c == '\r') return State::kLastLineFeed;
      return detail::is_octet(c, detail::kTokenOctet) ? State::kTrailer : State::kError;
    case State::kTrailer:
      if (c == '\r') return State::kTrailerLineFeed;
      return detail::is_octet(c, detail::kValueOctet) ? State::kTrailer : State::kError;
    case State::kTrailerLineFeed:
      return c == '\n' ? State::kTrailerStart : State::kError;
    case State::kLastLineFeed:
      return c == '\n' ? State::kEnd : State::kError;
    default:
      return State::kError;
  }
}

ChunkedDecoder::State ChunkedDecoder::after_size_digit(char c) noexcept {
  if (const int digit = hex_value(c); digit >= 0) {
    left_ = left_ * 16 + static_cast<unsigned>(digit);
    return left_ <= kMaxChunk ? State::kSize : State::kError;
  }
  if (state_ == State::kSizeStart) return State::kError;
  if (c == ';') return State::kExtension;
  return c == '\r' ? State::kSizeLineFeed : State::kError;
}

ChunkedDecoder::State ChunkedDecoder::after_size_line() noexcept {
  if (left_ == 0) return State::kTrailerStart;
  excess_ -= std::min<std::uint64_t>(excess_, kLineAllowance);
  return State::kData;
}

}  // namespace aiopyr

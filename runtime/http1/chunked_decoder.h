#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace aiopyr {

/// Takes the chunked transfer coding (RFC 9112 section 7.1) off a request's body, however its bytes
/// arrive. It is strict where leniency would let two servers disagree about where a body ends:
/// sizes are hexadecimal digits and nothing else, each chunk's data ends with CRLF. Extensions and
/// trailers are skipped, within bounds.
///
/// A plain value, without I/O or allocation; used by one thread at a time.
class ChunkedDecoder {
 public:
  enum class Status : std::uint8_t {
    kData,   ///< some of the body
    kMore,   ///< all of the input is used up
    kEnd,    ///< the body is complete; the rest of the input belongs to the next request
    kError,  ///< malformed, or with more around the data than kMaxExcess: close the connection
  };

  struct Piece {
    Status status = Status::kMore;
    std::string_view data;  ///< a view into the input, never empty, where there is some
  };

  /// Bytes of size lines and trailers beyond what data of that size calls for.
  static constexpr std::size_t kMaxExcess = std::size_t{16} * 1024;

  /// Takes what it understands off the front of `input`, up to the next piece of the body. After
  /// kEnd and kError it takes nothing and says the same again.
  [[nodiscard]] Piece next(std::string_view& input) noexcept;

 private:
  enum class State : std::uint8_t {
    kSizeStart,
    kSize,
    kExtension,
    kSizeLineFeed,
    kData,
    kDataReturn,
    kDataLineFeed,
    kTrailerStart,
    kTrailer,
    kTrailerLineFeed,
    kLastLineFeed,
    kEnd,
    kError,
  };

  [[nodiscard]] Piece take_data(std::string_view& input) noexcept;
  [[nodiscard]] State after(char c) noexcept;
  [[nodiscard]] State after_size_digit(char c) noexcept;
  [[nodiscard]] State after_size_line() noexcept;

  State state_ = State::kSizeStart;
  std::uint64_t left_ = 0;  // of the chunk: its size while that is read
  std::size_t excess_ = 0;
};

}  // namespace aiopyr

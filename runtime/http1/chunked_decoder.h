#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace aiopyr {

/// Removes the chunked transfer coding (RFC 9112 section 7.1) from a request's body, however its
/// bytes arrive. It is strict where leniency would let two servers disagree about the end of a
/// body: sizes are hexadecimal digits only, and each chunk's data ends with CRLF. Extensions and
/// trailers are skipped, within bounds.
///
/// A plain value, without I/O or allocation; used by one thread at a time.
class ChunkedDecoder {
 public:
  enum class Status : std::uint8_t {
    kData,   ///< a part of the body
    kMore,   ///< all of the input is used up
    kEnd,    ///< the body is complete; the rest of the input belongs to the next request
    kError,  ///< malformed, or more than kMaxExcess around the data: close the connection
  };

  struct Piece {
    Status status = Status::kMore;
    std::string_view data;  ///< a view into the input; not empty with kData
  };

  /// The most bytes of size lines and trailers, beyond what data of that size needs.
  static constexpr std::size_t kMaxExcess = std::size_t{16} * 1024;

  /// Removes from the front of `input` what it decodes, up to the next piece of the body. After
  /// kEnd and kError it removes nothing and returns the same again.
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
  std::uint64_t left_ = 0;  // bytes left of the chunk; its size so far while that is read
  std::size_t excess_ = 0;
};

}  // namespace aiopyr

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "tests/unit/support/deflate_samples.h"
#include "tests/unit/support/stream.h"

// The first byte of the input sets the options, the second seeds the cuts. The rest is treated as a
// peer's compressed data: messages of it give the same events however they are cut, none longer
// than the limit. It is also compressed as a message of our own, which has to come back.

namespace {

using namespace aiopyr::websocket;

constexpr std::size_t kLimit = 5000;

struct Options {
  explicit Options(std::uint8_t bits) noexcept
      : window_bits(8 + (bits & 7U)),
        keeps_window((bits & 8U) != 0),
        is_text((bits & 16U) != 0),
        level((bits >> 5U) + 1) {}

  int window_bits;
  bool keeps_window;
  bool is_text;
  int level;
};

/// Returns the data as two messages, the first in two frames, and then both as one.
std::string stream_of(std::string_view data, const Options& options) {
  const int opcode = (options.is_text ? 0x1 : 0x2) | kRsv1;
  const auto third = data.size() / 3;
  const auto first = data.substr(0, third);
  const auto second = data.substr(third, third);
  const auto rest = data.substr(2 * third);
  return testing::frame(opcode, first) + testing::frame(0x80, second) +
         testing::frame(opcode | 0x80, rest) + testing::frame(opcode | 0x80, data);
}

testing::Events receive(std::string_view stream, const std::vector<std::size_t>& cuts,
                        const Options& options) {
  Inflater inflater(options.window_bits, options.keeps_window);
  return testing::receive(stream, cuts, {.max_message_size = kLimit, .inflater = &inflater});
}

void check_cuts(std::string_view data, std::uint8_t seed, const Options& options) {
  const auto stream = stream_of(data, options);
  const auto whole = receive(stream, {}, options);
  for (const auto& event : whole) {
    if (event.size() > kLimit + std::string_view("binary/64:").size()) std::abort();
  }
  // Skips smaller windows: a peer that exceeds its window is not always detected (inflater.h), but
  // a window of 15 bits cannot be exceeded.
  if (options.window_bits < 15) return;
  if (receive(stream, testing::cuts_of(stream.size(), seed), options) != whole) std::abort();
  if (receive(stream, testing::every_byte(stream), options) != whole) std::abort();
}

void check_round_trip(std::string_view message, std::uint8_t seed, const Options& options) {
  Deflater deflater({options.window_bits, options.level, 1 + seed % 9}, options.keeps_window);
  Inflater inflater(options.window_bits, options.keeps_window);
  for (int turn = 0; turn < 2; ++turn) {
    const auto compressed = testing::deflate_message(deflater, message);
    if (testing::inflate_message(inflater, compressed, 1U + seed) != message) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const Options options(data[0]);
  const std::string_view rest{reinterpret_cast<const char*>(data) + 2, size - 2};
  check_cuts(rest, data[1], options);
  check_round_trip(rest, data[1], options);
  return 0;
}

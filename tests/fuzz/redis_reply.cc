// Checks that what a Redis server sends is read the same however it is cut, within its limits, or
// refused. The first byte of the input sets the cuts, the rest is the stream.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "tests/unit/support/redis_replies.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace aiopyr::redis;
  if (size < 2) return 0;
  const ReplyLimits limits{.line = 64, .bytes = 4096, .elements = 64, .depth = 6};
  const std::string_view stream(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto whole = testing::read_all(stream, std::string_view::npos, limits);
  if (testing::read_all(stream, 1, limits) != whole) std::abort();
  if (testing::read_all(stream, 1 + data[0] % 50, limits) != whole) std::abort();
  return 0;
}

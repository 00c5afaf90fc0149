#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "tests/unit/support/stream.h"

// Checks that the events of a stream do not depend on how it is cut. The first byte of the input
// sets the options, the second seeds the cuts, the rest is the stream.

namespace {

using namespace aiopyr::websocket;

ReceiverOptions make_options(std::uint8_t bits) {
  ReceiverOptions options;
  options.role = (bits & 1U) != 0 ? Role::kClient : Role::kServer;
  options.claimed_rsv = (bits & 2U) != 0 ? kRsv1 : std::uint8_t{0};
  options.max_message_size = (bits & 4U) != 0 ? 200 : 1024 * 1024;
  return options;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const auto options = make_options(data[0]);
  const std::string_view stream{reinterpret_cast<const char*>(data) + 2, size - 2};
  const auto whole = testing::receive(stream, {}, options);
  if (testing::receive(stream, testing::cuts_of(stream.size(), data[1]), options) != whole)
    std::abort();
  if (testing::receive(stream, testing::every_byte(stream), options) != whole) std::abort();
  return 0;
}

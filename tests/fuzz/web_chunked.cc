// Checks that any bytes as a chunked body give the same result, however they are cut: a body that
// ends at the same byte, or an error.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <aiopyr/runtime/http1/chunked_decoder.h>

namespace {

using namespace aiopyr;
using Status = ChunkedDecoder::Status;

struct Outcome {
  Status status = Status::kMore;
  std::string body;
  std::size_t used = 0;
  bool operator==(const Outcome&) const = default;
};

Outcome decode(std::string_view bytes, std::size_t step) {
  ChunkedDecoder decoder;
  Outcome outcome;
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    const std::string_view piece = bytes.substr(at, step);
    std::string_view input = piece;
    for (;;) {
      const auto [status, data] = decoder.next(input);
      outcome.status = status;
      if (status != Status::kData) break;
      if (data.empty()) std::abort();
      outcome.body += data;
    }
    outcome.used = at + piece.size() - input.size();
    if (outcome.status != Status::kMore) break;
    if (!input.empty()) std::abort();
  }
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const Outcome whole = decode(bytes, size + 1);
  if (whole.body.size() > size) std::abort();
  for (const std::size_t step : {1, 2, 3, 7}) {
    if (decode(bytes, step) != whole) std::abort();
  }
  if (whole.status != Status::kEnd) return 0;
  if (decode(bytes.substr(0, whole.used), size + 1) != whole) std::abort();
  if (decode(bytes.substr(0, whole.used - 1), size + 1).status == Status::kEnd) std::abort();
  return 0;
}

#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/http1/chunked_decoder.h>

using namespace aiopyr;

namespace {

using Status = ChunkedDecoder::Status;

struct Decoded {
  Status status = Status::kMore;
  std::string body;
  std::string rest;
};

/// Feeds `text` in pieces of `step` bytes.
Decoded decode(std::string_view text, std::size_t step = std::string_view::npos) {
  ChunkedDecoder decoder;
  Decoded decoded;
  while (!text.empty()) {
    std::string_view input = text.substr(0, step);
    text.remove_prefix(input.size());
    for (;;) {
      const auto [status, data] = decoder.next(input);
      decoded.status = status;
      if (status != Status::kData) break;
      CHECK_FALSE(data.empty());
      decoded.body += data;
    }
    if (decoded.status == Status::kMore) continue;
    decoded.rest = std::string(input) + std::string(text);
    return decoded;
  }
  return decoded;
}

}  // namespace

TEST_CASE("a chunked body is put together in whatever pieces it comes", "[web][chunked]") {
  const std::string text =
      "5\r\nhello\r\n00a;x=\"y\"\r\n, world!!!\r\n0\r\nA: b\r\nC:\r\n\r\nGET /";
  for (std::size_t step = 1; step <= text.size(); ++step) {
    CAPTURE(step);
    const Decoded decoded = decode(text, step);
    CHECK(decoded.status == Status::kEnd);
    CHECK(decoded.body == "hello, world!!!");
    CHECK(decoded.rest == "GET /");
  }
}

TEST_CASE("a chunked body that is cut off wants more", "[web][chunked]") {
  const std::string text = "5\r\nhello\r\n0\r\n\r\n";
  for (std::size_t cut = 0; cut < text.size(); ++cut) {
    CAPTURE(cut);
    CHECK(decode(text.substr(0, cut)).status == Status::kMore);
  }
}

TEST_CASE("what is no chunk is an error", "[web][chunked]") {
  for (const std::string_view text : {"x\r\n",
                                      "-5\r\nhello",
                                      "+5\r\nhello",
                                      "0x5\r\nhello",
                                      " 5\r\nhello",
                                      "5 \r\nhello",
                                      "5\nhello",
                                      "5\r\r\nhello",
                                      "\r\n",
                                      ";x\r\n",
                                      "5\r\nhello0\r\n\r\n",
                                      "5\r\nhello\n0\r\n",
                                      "5\r\nhello\r0\r\n",
                                      "5;a\nb\r\nhello",
                                      "5g\r\nhello",
                                      "0\r\n A: b\r\n\r\n",
                                      "0\r\nA: b\n\r\n",
                                      "0\r\n\n",
                                      "10000000000000000\r\nx",
                                      "fffffffffffffffff\r\nx"}) {
    CAPTURE(text);
    CHECK(decode(text).status == Status::kError);
    CHECK(decode(text, 1).status == Status::kError);
  }
}

TEST_CASE("a chunked body that is wrong stays so", "[web][chunked]") {
  ChunkedDecoder decoder;
  std::string_view bad = "zz";
  CHECK(decoder.next(bad).status == Status::kError);
  std::string_view good = "0\r\n\r\n";
  CHECK(decoder.next(good).status == Status::kError);
  CHECK(good.size() == 5);
}

TEST_CASE("extensions and trailers are bounded", "[web][chunked]") {
  const std::string long_text(ChunkedDecoder::kMaxExcess, 'x');
  CHECK(decode("5;" + long_text + "\r\nhello").status == Status::kError);
  CHECK(decode("0\r\nA: " + long_text + "\r\n\r\n").status == Status::kError);
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "1;" + std::string(50, 'x') + "\r\ny\r\n";
  CHECK(decode(many + "0\r\n\r\n").status == Status::kError);
  CHECK(decode(std::string(long_text.size() + 1, '0')).status == Status::kError);
}

TEST_CASE("many small chunks without extensions are in order", "[web][chunked]") {
  std::string many;
  for (int i = 0; i < 100'000; ++i) many += "1\r\ny\r\n";
  const Decoded decoded = decode(many + "0\r\n\r\n");
  CHECK(decoded.status == Status::kEnd);
  CHECK(decoded.body.size() == 100'000);
}

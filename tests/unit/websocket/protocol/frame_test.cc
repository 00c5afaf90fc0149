#include <string>

#include <catch2/catch.hpp>

#include "tests/unit/support/stream.h"
#include <aiopyr/websocket/protocol/frame.h>

namespace aiopyr::websocket {
namespace {

using testing::bytes;

DecodedHeader decode(std::string_view text) {
  return decode_header(std::as_bytes(std::span{text}));
}

bool is_equal(const FrameHeader& a, const FrameHeader& b) {
  return a.opcode == b.opcode && a.fin == b.fin && a.rsv == b.rsv && a.masked == b.masked &&
         a.mask == b.mask && a.length == b.length;
}

TEST_CASE("headers survive the way through their bytes, however much of them is there") {
  for (const std::uint64_t length :
       {0ULL, 1ULL, 125ULL, 126ULL, 127ULL, 65535ULL, 65536ULL, 0x7FFFFFFFFFFFFFFFULL}) {
    for (const bool masked : {false, true}) {
      for (const bool fin : {false, true}) {
        const FrameHeader header{
            Opcode::kBinary, fin, kRsv2, masked, masked ? testing::kMask : MaskKey{}, length};
        const auto encoded = encode_header(header);
        const auto decoded = decode_header(encoded.span());
        CHECK(decoded.complete);
        CHECK(decoded.size == encoded.size);
        CHECK(is_equal(decoded.header, header));
        for (std::size_t size = 0; size < encoded.size; ++size) {
          const auto cut = decode_header(encoded.span().first(size));
          CHECK_FALSE(cut.complete);
          CHECK(cut.error == ProtocolError::kNone);
          CHECK(cut.size == (size < 2 ? 2 : encoded.size));
        }
      }
    }
  }
}

TEST_CASE("lengths take the shortest form (section 5.2)") {
  const auto size_for = [](std::uint64_t length) {
    FrameHeader header;
    header.length = length;
    return encode_header(header).size;
  };
  CHECK(size_for(125) == 2);
  CHECK(size_for(126) == 4);
  CHECK(size_for(65535) == 4);
  CHECK(size_for(65536) == 10);
}

TEST_CASE("the bytes of a header are those of section 5.2") {
  FrameHeader header{Opcode::kText, true, kRsv1, true, testing::kMask, 256};
  CHECK(encode_header(header).view() == bytes({0xC1, 0xFE, 0x01, 0x00, 0x37, 0xFA, 0x21, 0x3D}));
  header = {Opcode::kContinuation, false, 0, false, {}, 65536};
  CHECK(encode_header(header).view() == bytes({0x00, 0x7F, 0, 0, 0, 0, 0, 1, 0, 0}));
}

TEST_CASE("a length in more bytes than it needs is refused") {
  CHECK(decode(bytes({0x82, 126, 0, 125})).error == ProtocolError::kNonMinimalLength);
  CHECK(decode(bytes({0x82, 126, 0, 126})).error == ProtocolError::kNone);
  CHECK(decode(bytes({0x82, 127, 0, 0, 0, 0, 0, 0, 0, 1})).error ==
        ProtocolError::kNonMinimalLength);
  CHECK(decode(bytes({0x82, 127, 0, 0, 0, 0, 0, 0, 255, 255})).error ==
        ProtocolError::kNonMinimalLength);
  CHECK(decode(bytes({0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0})).error == ProtocolError::kNone);
}

TEST_CASE("a length with its highest bit set is refused") {
  CHECK(decode(bytes({0x82, 127, 0x80, 0, 0, 0, 0, 1, 0, 0})).error ==
        ProtocolError::kLengthHighBit);
  CHECK(decode(bytes({0x82, 127, 255, 255, 255, 255, 255, 255, 255, 255})).error ==
        ProtocolError::kLengthHighBit);
  CHECK(decode(bytes({0x82, 127, 0x7F, 255, 255, 255, 255, 255, 255, 255})).error ==
        ProtocolError::kNone);
}

TEST_CASE("reserved opcodes are refused at the first byte") {
  for (int opcode = 0; opcode < 16; ++opcode) {
    const bool reserved = (opcode > 2 && opcode < 8) || opcode > 10;
    const auto error = decode(bytes({0x80 | opcode})).error;
    CHECK((error == ProtocolError::kReservedOpcode) == reserved);
  }
}

TEST_CASE("control frames have FIN and at most 125 bytes (section 5.5)") {
  for (const int opcode : {0x8, 0x9, 0xA}) {
    CHECK(decode(bytes({opcode})).error == ProtocolError::kFragmentedControl);
    CHECK(decode(bytes({0x80 | opcode, 125})).error == ProtocolError::kNone);
    CHECK(decode(bytes({0x80 | opcode, 126})).error == ProtocolError::kControlTooLong);
    CHECK(decode(bytes({0x80 | opcode, 127})).error == ProtocolError::kControlTooLong);
  }
}

}  // namespace
}  // namespace aiopyr::websocket

#include <span>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/unit/support/stream.h"
#include <aiopyr/websocket/protocol/mask.h>

namespace aiopyr::websocket {
namespace {

std::vector<std::byte> counting(std::size_t size) {
  std::vector<std::byte> out(size);
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::byte>(i * 7 + 1);
  return out;
}

std::vector<std::byte> masked_by_definition(std::vector<std::byte> data, std::size_t offset) {
  for (std::size_t i = 0; i < data.size(); ++i) data[i] ^= testing::kMask[(offset + i) % 4];
  return data;
}

TEST_CASE("masking follows the definition for all lengths, offsets and alignments") {
  for (std::size_t length = 0; length <= 64; ++length) {
    for (std::size_t offset = 0; offset <= 64; ++offset) {
      for (std::size_t alignment = 0; alignment < 8; ++alignment) {
        auto buffer = counting(alignment + length);
        const std::vector<std::byte> data(buffer.begin() + alignment, buffer.end());
        apply_mask(std::span{buffer}.subspan(alignment), testing::kMask, offset);
        const std::vector<std::byte> result(buffer.begin() + alignment, buffer.end());
        if (result != masked_by_definition(data, offset)) FAIL(length << " at " << offset);
      }
    }
  }
  SUCCEED();
}

TEST_CASE("masking follows the definition where it is done in wide steps") {
  for (std::size_t length = 120; length <= 400; length += 7) {
    for (std::size_t offset = 0; offset < 4; ++offset) {
      auto buffer = counting(1 + length);
      const std::vector<std::byte> data(buffer.begin() + 1, buffer.end());
      apply_mask(std::span{buffer}.subspan(1), testing::kMask, offset);
      const std::vector<std::byte> result(buffer.begin() + 1, buffer.end());
      if (result != masked_by_definition(data, offset)) FAIL(length << " at " << offset);
    }
  }
  SUCCEED();
}

TEST_CASE("masking tells whether what comes out is ASCII, wherever a byte is not") {
  for (const std::size_t length : {0, 1, 3, 4, 7, 8, 13, 127, 128, 129, 300}) {
    const std::vector<std::byte> ascii(length, std::byte{0x7F});
    auto data = masked_by_definition(ascii, 0);
    CHECK(apply_mask(data, testing::kMask));
    for (std::size_t at = 0; at < length; ++at) {
      auto other = ascii;
      other[at] = std::byte{0x80};
      data = masked_by_definition(other, 0);
      if (apply_mask(data, testing::kMask)) FAIL(at << " of " << length);
    }
  }
}

TEST_CASE("masking twice gives the data back") {
  auto data = counting(1000);
  apply_mask(data, testing::kMask, 3);
  CHECK(data != counting(1000));
  apply_mask(data, testing::kMask, 3);
  CHECK(data == counting(1000));
}

TEST_CASE("masking to another place gives the same there, and leaves the data as they are") {
  for (const std::size_t length : {0, 1, 3, 4, 7, 8, 13, 127, 128, 129, 300}) {
    for (std::size_t offset = 0; offset < 4; ++offset) {
      const auto data = counting(length);
      std::vector<std::byte> result(length + 2, std::byte{0x55});
      apply_mask(data, result.data() + 1, testing::kMask, offset);
      CHECK(data == counting(length));
      CHECK(result.front() == std::byte{0x55});
      CHECK(result.back() == std::byte{0x55});
      CHECK(std::vector(result.begin() + 1, result.end() - 1) ==
            masked_by_definition(data, offset));
    }
  }
}

TEST_CASE("masking touches nothing before or after the data") {
  auto buffer = counting(100);
  apply_mask(std::span{buffer}.subspan(10, 77), testing::kMask);
  const auto original = counting(100);
  CHECK(std::equal(buffer.begin(), buffer.begin() + 10, original.begin()));
  CHECK(std::equal(buffer.begin() + 87, buffer.end(), original.begin() + 87));
}

TEST_CASE("a payload unmasked in two pieces is the payload unmasked at once") {
  for (std::size_t cut = 0; cut <= 70; ++cut) {
    auto data = counting(70);
    apply_mask(std::span{data}.first(cut), testing::kMask, 0);
    apply_mask(std::span{data}.subspan(cut), testing::kMask, cut);
    CHECK(data == masked_by_definition(counting(70), 0));
  }
}

}  // namespace
}  // namespace aiopyr::websocket

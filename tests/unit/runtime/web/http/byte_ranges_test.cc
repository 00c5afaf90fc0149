#include <catch2/catch.hpp>

#include <aiopyr/runtime/web/http/byte_ranges.h>

using namespace aiopyr;
using detail::ByteRange;
using detail::parse_byte_ranges;
using Ranges = std::vector<ByteRange>;

namespace Catch {
template <>
struct StringMaker<ByteRange> {
  static std::string convert(const ByteRange& range) {
    return std::to_string(range.offset) + "+" + std::to_string(range.length);
  }
};
}  // namespace Catch

TEST_CASE("a range has a first and a last byte, no last one, or counts from the end",
          "[web][ranges]") {
  CHECK(parse_byte_ranges("bytes=0-0", 10) == Ranges{{0, 1}});
  CHECK(parse_byte_ranges("bytes=2-5", 10) == Ranges{{2, 4}});
  CHECK(parse_byte_ranges("bytes=9-", 10) == Ranges{{9, 1}});
  CHECK(parse_byte_ranges("bytes=-3", 10) == Ranges{{7, 3}});
  CHECK(parse_byte_ranges("Bytes = 2-5 , ", 10) == Ranges{{2, 4}});
}

TEST_CASE("a range is cut at the end", "[web][ranges]") {
  CHECK(parse_byte_ranges("bytes=5-99", 10) == Ranges{{5, 5}});
  CHECK(parse_byte_ranges("bytes=-99", 10) == Ranges{{0, 10}});
  CHECK(parse_byte_ranges("bytes=0-18446744073709551615", 10) == Ranges{{0, 10}});
  CHECK(parse_byte_ranges("bytes=0-99999999999999999999999", 10) == Ranges{{0, 10}});
}

TEST_CASE("ranges beyond the end cannot be satisfied", "[web][ranges]") {
  CHECK(parse_byte_ranges("bytes=10-", 10) == Ranges{});
  CHECK(parse_byte_ranges("bytes=-0", 10) == Ranges{});
  CHECK(parse_byte_ranges("bytes=99999999999999999999999-", 10) == Ranges{});
  CHECK(parse_byte_ranges("bytes=20-30,1-1", 10) == Ranges{{1, 1}});
}

TEST_CASE("ranges that overlap or touch become one", "[web][ranges]") {
  CHECK(parse_byte_ranges("bytes=0-1,2-3", 10) == Ranges{{0, 4}});
  CHECK(parse_byte_ranges("bytes=4-8,0-5,1-2", 10) == Ranges{{0, 9}});
  CHECK(parse_byte_ranges("bytes=8-8,0-1", 10) == Ranges{{0, 2}, {8, 1}});
}

TEST_CASE("what is malformed, of another unit or too much is ignored", "[web][ranges]") {
  std::string many = "bytes=0-0";
  for (int i = 0; i < 100; ++i) many += ",0-0";
  for (const std::string& text :
       {std::string(), std::string("bytes"), std::string("bytes="), std::string("bytes=-"),
        std::string("bytes=5-2"), std::string("bytes=a-b"), std::string("bytes=1"),
        std::string("bytes=+1-2"), std::string("bytes=1-2x"), std::string("bytes=1-2,x"),
        std::string("lines=1-2"), std::string("bytes=1- 2"), many}) {
    INFO(text);
    CHECK_FALSE(parse_byte_ranges(text, 10));
  }
}

TEST_CASE("there is no part of nothing", "[web][ranges]") {
  CHECK_FALSE(parse_byte_ranges("bytes=0-", 0));
}

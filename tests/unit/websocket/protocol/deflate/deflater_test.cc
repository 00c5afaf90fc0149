#include <string>

#include <catch2/catch.hpp>

#include "tests/unit/support/deflate_samples.h"
#include "tests/unit/support/stream.h"

namespace aiopyr::websocket {
namespace {

using detail::DeflateSettings;
using testing::babble;
using testing::bytes;
using testing::deflate_message;
using testing::deflated;
using testing::inflate_message;
using testing::noise;

TEST_CASE("a message is compressed as in the RFC") {
  CHECK(deflated("Hello") == bytes({0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00}));
}

TEST_CASE("with context takeover a message refers to the one before, as in the RFC") {
  Deflater deflater({}, true);
  CHECK(deflate_message(deflater, "Hello") == bytes({0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00}));
  CHECK(deflate_message(deflater, "Hello") == bytes({0xf2, 0x00, 0x11, 0x00, 0x00}));
}

TEST_CASE("without context takeover equal messages are compressed alike") {
  Deflater deflater({}, false);
  const auto first = deflate_message(deflater, "Hello");
  CHECK(deflate_message(deflater, babble(1000)) != first);
  CHECK(deflate_message(deflater, "Hello") == first);
}

TEST_CASE("an empty message is one empty block") {
  CHECK(deflated("") == bytes({0}));
  Deflater deflater({}, true);
  CHECK(deflate_message(deflater, "") == bytes({0}));
  CHECK_FALSE(deflate_message(deflater, "Hello").empty());
  CHECK(deflate_message(deflater, "") == bytes({0}));
}

TEST_CASE("messages of every size and setting come back, with and without context takeover") {
  for (const bool keeps_window : {false, true}) {
    for (const int bits : {8, 9, 12, 15}) {
      for (const int level : {0, 1, 6, 9}) {
        Deflater deflater({.window_bits = bits, .level = level, .mem_level = 1 + level % 9},
                          keeps_window);
        Inflater inflater(bits, keeps_window);
        for (const std::size_t size : {0U, 1U, 5U, 100U, 511U, 16384U, 16385U, 40000U, 300000U}) {
          INFO(keeps_window << ' ' << bits << ' ' << level << ' ' << size);
          const auto message = size % 2 == 0 ? babble(size) : noise(size);
          const auto compressed = deflate_message(deflater, message);
          CHECK((inflate_message(inflater, compressed, 5000) == message));
        }
      }
    }
  }
}

// The output of one step is full exactly where a block ends: zlib then flushes a second time.
TEST_CASE("compressed messages around the size of a step come back") {
  Deflater deflater({.level = 0}, true);
  Inflater inflater(15, true);
  for (std::size_t size = 16360; size < 16400; ++size) {
    const auto message = noise(size);
    CHECK((inflate_message(inflater, deflate_message(deflater, message)) == message));
  }
}

// See the header: a byte farther back than 256 would not be in the reader's window, since with
// output of one byte at a time it has nothing else to look into.
TEST_CASE("a window of 8 bits is never exceeded") {
  for (int level = 1; level <= 9; ++level) {
    Deflater deflater({.window_bits = 8, .level = level, .mem_level = level}, true);
    Inflater inflater(8, true);
    for (std::uint32_t seed = 0; seed < 20; ++seed) {
      const auto message = babble(5000, seed) + noise(200, seed) + babble(3000, seed + 1);
      const auto compressed = deflate_message(deflater, message);
      CHECK(compressed.size() < message.size());
      CHECK((inflate_message(inflater, compressed, 1) == message));
    }
  }
}

TEST_CASE("a message may be compressed in pieces, empty ones among them") {
  Deflater deflater({}, true);
  Inflater inflater(15, true);
  for (int turn = 0; turn < 2; ++turn) {
    std::string compressed;
    CHECK(deflater.append(compressed, "", false));
    CHECK(deflater.append(compressed, babble(1000), false));
    CHECK(deflater.append(compressed, "", false));
    CHECK(deflater.append(compressed, "end", false));
    CHECK(deflater.append(compressed, "", true));
    CHECK((inflate_message(inflater, compressed) == babble(1000) + "end"));
    CHECK(inflate_message(inflater, deflate_message(deflater, "next")) == "next");
  }
}

TEST_CASE("two messages in pieces do not share a window") {
  Deflater one({}, false);
  Deflater two({}, false);
  std::string first;
  std::string second;
  CHECK(one.append(first, "Hello ", false));
  CHECK(two.append(second, "Bye ", false));
  CHECK(one.append(first, "Hello", true));
  CHECK(two.append(second, "Bye", true));
  Inflater inflater(15, false);
  CHECK(inflate_message(inflater, first) == "Hello Hello");
  CHECK(inflate_message(inflater, second) == "Bye Bye");
}

TEST_CASE("after a reset the next message refers to nothing before") {
  Deflater deflater({}, true);
  const auto first = deflate_message(deflater, "Hello");
  deflater.reset();
  CHECK(deflate_message(deflater, "Hello") == first);
}

TEST_CASE("a window is held between messages only with context takeover") {
  Deflater keeping({}, true);
  Deflater freeing({}, false);
  for (auto* deflater : {&keeping, &freeing}) {
    CHECK_FALSE(deflater->holds_window());
    std::string out;
    CHECK(deflater->append(out, "begin", false));
    CHECK(deflater->holds_window());
    CHECK(deflater->append(out, "end", true));
  }
  CHECK(keeping.holds_window());
  CHECK_FALSE(freeing.holds_window());
  keeping.reset();
  CHECK_FALSE(keeping.holds_window());
}

TEST_CASE("settings that zlib refuses compress nothing and harm nothing") {
  std::string out = "before";
  Deflater deflater({.window_bits = 99}, true);
  CHECK_FALSE(deflater.append(out, "message"));
  CHECK(out == "before");
}

}  // namespace
}  // namespace aiopyr::websocket

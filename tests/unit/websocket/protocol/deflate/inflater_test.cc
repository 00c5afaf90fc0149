#include <string>

#include <catch2/catch.hpp>

#include "tests/unit/support/deflate_samples.h"
#include "tests/unit/support/stream.h"

namespace aiopyr::websocket {
namespace {

using testing::babble;
using testing::bytes;
using testing::deflated;
using testing::inflate_message;

const std::string kBroken = "not deflate data";

std::string inflated(std::string_view compressed, std::size_t step = 100) {
  Inflater inflater(15, false);
  return inflate_message(inflater, compressed, step);
}

// RFC 7692 section 7.2.3, the examples.

TEST_CASE("the RFC's examples of one message are all Hello") {
  CHECK(inflated(bytes({0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00})) == "Hello");
  CHECK(inflated(bytes({0x00, 0x05, 0x00, 0xfa, 0xff, 'H', 'e', 'l', 'l', 'o', 0x00})) == "Hello");
  CHECK(inflated(bytes({0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00})) == "Hello");
  CHECK(inflated(bytes({0xf2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xff, 0xff, 0xca, 0xc9, 0xc9, 0x07,
                        0x00})) == "Hello");
  CHECK(inflated(bytes({0x00})).empty());
}

TEST_CASE("the RFC's example of a shared window needs context takeover") {
  const auto hello = bytes({0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00});
  const auto again = bytes({0xf2, 0x00, 0x11, 0x00, 0x00});
  Inflater keeping(15, true);
  CHECK(inflate_message(keeping, hello) == "Hello");
  CHECK(inflate_message(keeping, again) == "Hello");
  Inflater freeing(15, false);
  CHECK(inflate_message(freeing, hello) == "Hello");
  CHECK(inflate_message(freeing, again) == kBroken);
}

TEST_CASE("an empty message may be any empty block") {
  // Empty messages as zlib flushes them, as Chromium does, and final with the octet behind it.
  for (const auto& empty : {bytes({0}), bytes({2, 0}), bytes({3, 0, 0})}) {
    CHECK(inflated(empty).empty());
  }
}

TEST_CASE("behind a final block a message and the window go on") {
  const auto final_hello = bytes({0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00});
  Inflater inflater(15, true);
  CHECK(inflate_message(inflater, final_hello + final_hello + bytes({0})) == "HelloHello");
  CHECK(inflate_message(inflater, bytes({0xf2, 0x00, 0x11, 0x00, 0x00})) == "Hello");
  for (const std::size_t step : {1, 5, 10}) {
    CHECK(inflated(final_hello + final_hello + bytes({0}), step) == "HelloHello");
  }
}

TEST_CASE("many final blocks cost no more than their bytes") {
  std::string blocks;
  for (int i = 0; i < 100'000; ++i) blocks += bytes({3, 0});
  CHECK(inflated(deflated(babble(40000)) + bytes({0, 0, 0xff, 0xff}) + blocks + bytes({0}),
                 50000) == babble(40000));
}

TEST_CASE("what is not deflate data is an error") {
  CHECK(inflated(bytes({0xff})) == kBroken);                          // a type that is reserved
  CHECK(inflated(bytes({0x00, 0x05, 0x00, 0x00, 0x00})) == kBroken);  // a length and no complement
  CHECK(inflated(bytes({0x04, 0xff, 0xff, 0xff, 0xff})) == kBroken);  // no code lengths
}

TEST_CASE("a message that breaks off is an error") {
  const auto whole = deflated(babble(1000));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    INFO(size);
    const auto got = inflated(whole.substr(0, size));
    // A break between blocks, or one within a block that the tail happens to complete, cannot be
    // detected.
    if (got != kBroken) CHECK((babble(1000).starts_with(got.substr(0, got.size() / 2))));
  }
  CHECK(inflated(whole.substr(0, whole.size() / 2)) == kBroken);
}

TEST_CASE("a message that ends between two blocks is whole, with or without its tail") {
  const auto hello = bytes({0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00});
  const auto again = bytes({0xf2, 0x00, 0x11, 0x00, 0x00});
  for (const auto& message : {hello + bytes({0, 0, 0xff, 0xff}),
                              // A final block without the octet of section 7.2.3.4.
                              bytes({0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00})}) {
    Inflater inflater(15, true);
    CHECK(inflate_message(inflater, "").empty());
    CHECK(inflate_message(inflater, message) == "Hello");
    CHECK(inflate_message(inflater, "").empty());
    CHECK(inflate_message(inflater, again) == "Hello");
  }
}

TEST_CASE("a reference beyond the window that was agreed on is an error") {
  const std::string text = babble(300) + testing::noise(2000) + babble(300);
  const auto compressed = deflated(text);
  Inflater large(12, true);
  CHECK((inflate_message(large, compressed, 10) == text));
  Inflater small(9, true);
  CHECK(inflate_message(small, compressed, 10) == kBroken);
}

TEST_CASE("output of any size at a time is the same") {
  const auto text = babble(2000);
  const auto compressed = deflated(text);
  for (const std::size_t step : {1, 2, 3, 100, 1999, 2000, 2001}) {
    CHECK((inflated(compressed, step) == text));
  }
}

TEST_CASE("a window is held within a message, and between messages only with context takeover") {
  for (const bool keeps_window : {false, true}) {
    Inflater inflater(15, keeps_window);
    CHECK_FALSE(inflater.holds_window());
    CHECK(inflate_message(inflater, deflated("Hello")) == "Hello");
    CHECK(inflater.holds_window() == keeps_window);
    std::array<std::byte, 10> output;
    auto input = std::as_bytes(std::span("\xf2\x48", 2));
    CHECK(inflater.next(input, output).is_valid);
    CHECK(inflater.holds_window());
    inflater.reset();
    CHECK_FALSE(inflater.holds_window());
    CHECK(inflate_message(inflater, deflated("Hello")) == "Hello");
  }
}

}  // namespace
}  // namespace aiopyr::websocket

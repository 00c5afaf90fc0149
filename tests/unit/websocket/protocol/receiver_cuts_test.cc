#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/unit/support/stream.h"
#include <aiopyr/websocket/protocol/receiver.h>

namespace aiopyr::websocket {
namespace {

using testing::bytes;
using testing::Events;
using testing::frame;
using testing::receive;

std::vector<std::string> valid_streams() {
  const std::string euro = "\xE2\x82\xAC\xF0\x9F\x98\x80";
  return {
      frame(0x81, "hello") + frame(0x82, "\xFF\xFE") + frame(0x81, euro),
      frame(0x01, "one ") + frame(0x89, "ping") + frame(0x00, euro) + frame(0x80, "three"),
      frame(0x02, "") + frame(0x80, "") + frame(0x81, "") + frame(0x89, "") + frame(0x8A, ""),
      frame(0x82, std::string(126, 'm')) + frame(0x81, "after"),
      frame(0x89, std::string(125, 'p')) + frame(0x88, bytes({3, 232}) + euro),
      frame(0x01, "open") + frame(0x88, "") + frame(0x81, "ignored"),
      frame(0x01, "a\xE2") + frame(0x8A, "") + frame(0x00, "\x82") + frame(0x80, "\xAC"),
  };
}

std::vector<std::string> invalid_streams() {
  const auto good = frame(0x81, "good") + frame(0x01, "begun");
  return {
      good + frame(0x83, "x"),
      good + frame(0x8B, "x"),
      good + frame(0xC0, "x"),
      good + frame(0x09, "x"),
      good + frame(0x81, "x"),
      good + frame(0x89, std::string(126, 'x')),
      good + frame(0x88, "x"),
      good + frame(0x88, bytes({3, 237})),
      good + frame(0x88, bytes({3, 232, 0xC3})),
      good + frame(0x80, "bad \xC0 text"),
      good + frame(0x80, "open \xE2\x82"),
      good + bytes({0x80, 0x01, 'x'}),
      good + bytes({0x80, 0xFE, 0, 125, 1, 2, 3, 4}),
      good + bytes({0x80, 0xFF, 0, 0, 0, 0, 0, 0, 1, 0, 1, 2, 3, 4}),
      good + bytes({0x80, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4}),
      good + bytes({0x80, 0xFF, 0, 0, 0, 0, 0x10, 0, 0, 0, 1, 2, 3, 4}),
      frame(0x80, "lone") + frame(0x81, "x"),
      frame(0x81, "\xF4\x90") + frame(0x81, "x"),
  };
}

void check_all_cuts(const std::string& stream, const Events& expected) {
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    INFO("cut at " << cut);
    CHECK(receive(stream, {cut}) == expected);
  }
  CHECK(receive(stream, testing::every_byte(stream)) == expected);
}

TEST_CASE("valid streams give the same events however they are cut") {
  for (const auto& stream : valid_streams()) {
    const auto expected = receive(stream);
    REQUIRE_FALSE(expected.empty());
    CHECK(expected.back().substr(0, 5) != "error");
    check_all_cuts(stream, expected);
  }
}

TEST_CASE("invalid streams give the same events and one error however they are cut") {
  for (const auto& stream : invalid_streams()) {
    const auto expected = receive(stream);
    REQUIRE_FALSE(expected.empty());
    CHECK(expected.back().substr(0, 5) == "error");
    check_all_cuts(stream, expected);
  }
}

TEST_CASE("streams that break off give the same events however they are cut") {
  for (const auto& stream : valid_streams()) {
    for (std::size_t end = 0; end < stream.size(); ++end) {
      const auto start = stream.substr(0, end);
      CHECK(receive(start, testing::every_byte(start)) == receive(start));
    }
  }
}

TEST_CASE("a short stream cut in three anywhere gives the same events") {
  const auto stream = frame(0x01, "a\xC3") + frame(0x89, "p") + frame(0x80, "\xA4");
  const auto expected = Events{"ping:p", "text:a\xC3\xA4"};
  for (std::size_t first = 0; first <= stream.size(); ++first) {
    for (std::size_t second = first; second <= stream.size(); ++second) {
      CHECK(receive(stream, {first, second}) == expected);
    }
  }
}

TEST_CASE("long frames in both long forms of the length can be cut inside of the header") {
  for (const std::size_t size : {300U, 20000U, 70000U}) {
    const auto stream = frame(0x81, std::string(size, 't'));
    const auto expected = Events{"text:" + std::string(size, 't')};
    for (std::size_t cut = 0; cut <= 20; ++cut) CHECK(receive(stream, {cut}) == expected);
    CHECK(receive(stream, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 200}) == expected);
  }
}

}  // namespace
}  // namespace aiopyr::websocket

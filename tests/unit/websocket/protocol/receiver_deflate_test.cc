#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/unit/support/deflate_samples.h"
#include "tests/unit/support/stream.h"

namespace aiopyr::websocket {
namespace {

using testing::babble;
using testing::bytes;
using testing::deflated;
using testing::Events;
using testing::frame;
using testing::noise;

constexpr std::uint64_t kLimit = 50'000;
const std::string kInvalid = "error:1002:compressed message is not deflate data";
const std::string kTooLong = "error:1009:message is over the size limit";

/// Returns a receiver's events for a stream with negotiated compression. The inflated messages have
/// the bit of their frames: `text/64:...`.
Events receive_deflated(std::string_view stream, const std::vector<std::size_t>& cuts = {}) {
  Inflater inflater(15, true);
  return testing::receive(stream, cuts, {.max_message_size = kLimit, .inflater = &inflater});
}

/// Returns a message in frames of `size` bytes.
std::string in_frames(std::string_view compressed, std::size_t size, int opcode = 1) {
  std::string out;
  int first = opcode | kRsv1;
  do {
    const auto part = compressed.substr(0, size);
    compressed.remove_prefix(part.size());
    out += frame(first | (compressed.empty() ? 0x80 : 0), part);
    first = 0;
  } while (!compressed.empty());
  return out;
}

std::vector<std::string> streams() {
  const std::string euros = "\xE2\x82\xAC\xF0\x9F\x98\x80\xE2\x82\xAC";
  // The second one refers to the first.
  const auto hello = frame(0xC1, bytes({0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00})) +
                     frame(0xC1, bytes({0xf2, 0x00, 0x11, 0x00, 0x00}));
  const auto begun = hello + frame(0x41, deflated("begun") + bytes({0, 0, 0xFF, 0xFF}));
  return {
      hello + frame(0x81, "plain") + frame(0xC2, deflated("\xFF")) + frame(0xC1, deflated(euros)),
      in_frames(deflated(euros + euros), 3) + frame(0x89, "p") + frame(0xC1, deflated("")),
      begun + frame(0x89, "p") + frame(0x00, "") + frame(0x80, deflated(euros)) +
          frame(0x81, "end"),
      begun + frame(0x80, ""),
      begun + frame(0x80, bytes({0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00})),
      begun + frame(0x80, bytes({0xff})),
      begun + frame(0x80, deflated("bad \xC0 text")),
      begun + frame(0x80, deflated("open \xE2\x82")),
      begun + frame(0x80, deflated("bad \xC0 text").substr(0, 8)),
      begun + frame(0xC1, "x"),
      begun + frame(0xC0, "x"),
      begun + frame(0xC9, "x"),
      begun + frame(0xA0, "x"),
      begun + frame(0x88, bytes({3, 232})),
      hello + frame(0xE1, "x"),
      hello + frame(0xC1, ""),
      hello + in_frames(deflated(std::string(kLimit + 1, 'x')), 20, 2),
      hello + in_frames(deflated(std::string(kLimit, 'x') + "\xC0"), 20),
      hello + in_frames(deflated(std::string(kLimit - 1, 'x') + "\xC0"), 20),
      hello + in_frames(deflated(std::string(kLimit, 'x')) + bytes({0, 0, 0xFF, 0xFF, 0xFF}), 20),
  };
}

TEST_CASE("streams with compressed messages give the same events however they are cut") {
  for (const auto& stream : streams()) {
    const auto expected = receive_deflated(stream);
    REQUIRE_FALSE(expected.empty());
    for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
      INFO("cut at " << cut);
      CHECK((receive_deflated(stream, {cut}) == expected));
    }
    CHECK((receive_deflated(stream, testing::every_byte(stream)) == expected));
  }
}

TEST_CASE("compressed and plain messages, fragments and control frames follow each other") {
  const auto all = streams();
  const std::string euros = "\xE2\x82\xAC\xF0\x9F\x98\x80\xE2\x82\xAC";
  CHECK(receive_deflated(all[0]) == Events{"text/64:Hello", "text/64:Hello", "text:plain",
                                           "binary/64:\xFF", "text/64:" + euros});
  CHECK(receive_deflated(all[2]) ==
        Events{"text/64:Hello", "text/64:Hello", "ping:p", "text/64:begun" + euros, "text:end"});
  CHECK(receive_deflated(all[3]).back() == "text/64:begun");
  CHECK(receive_deflated(all[4]).back() == "text/64:begunHello");
}

TEST_CASE("the bit of compression is for the first frame of a data message") {
  const auto all = streams();
  const std::string reserved = "error:1002:reserved bits are set";
  for (const std::size_t bad : {10U, 11U, 12U, 14U})
    CHECK(receive_deflated(all[bad]).back() == reserved);
  CHECK(testing::receive(frame(0xC1, deflated("Hello"))) == Events{reserved});
}

TEST_CASE("data that does not inflate is an error of the protocol") {
  const auto all = streams();
  CHECK(receive_deflated(all[5]).back() == kInvalid);
  const auto broken = deflated(babble(1000));
  CHECK(receive_deflated(frame(0xC2, broken.substr(0, broken.size() / 2))) == Events{kInvalid});
}

TEST_CASE("compressed text that is not UTF-8 is found before the message is complete") {
  const std::string bad = "error:1007:text is not UTF-8";
  const auto all = streams();
  for (const std::size_t text : {6U, 7U, 8U, 18U}) CHECK(receive_deflated(all[text]).back() == bad);
  CHECK(receive_deflated(frame(0x41, deflated("\xC0") + bytes({0, 0, 0xFF, 0xFF}))) == Events{bad});
  CHECK(receive_deflated(frame(0xC2, deflated("\xC0"))) == Events{"binary/64:\xC0"});
}

TEST_CASE("the size limit is for inflated bytes, and to the byte") {
  const std::string longest(kLimit, 'x');
  CHECK((receive_deflated(frame(0xC2, deflated(longest))) == Events{"binary/64:" + longest}));
  CHECK(receive_deflated(frame(0xC2, deflated(longest + "x"))) == Events{kTooLong});
  CHECK(receive_deflated(in_frames(deflated(longest + "x"), 10)) == Events{kTooLong});
  // The limit is reached before the error after it.
  CHECK(receive_deflated(streams()[17]).back() == kTooLong);
}

TEST_CASE("a message that becomes longer by compressing still counts as it is") {
  const auto longest = noise(kLimit);
  for (const int level : {0, 9}) {
    for (const int mem_level : {1, 9}) {
      const auto compressed =
          deflated(longest, {.window_bits = 9, .level = level, .mem_level = mem_level});
      CHECK(compressed.size() > longest.size());
      CHECK((receive_deflated(frame(0xC2, compressed)) == Events{"binary/64:" + longest}));
    }
  }
}

TEST_CASE("a compressed frame that cannot be within the limit is refused by its header") {
  // Text, RSV1, masked, 65535 bytes, none of which has arrived yet.
  CHECK(receive_deflated(bytes({0xC1, 0xFE, 0xFF, 0xFF, 1, 2, 3, 4})) == Events{kTooLong});
  CHECK(receive_deflated(bytes({0xC1, 0xFE, 0xC4, 0x00, 1, 2, 3, 4})).empty());
}

TEST_CASE("a bomb is given up at the limit, whatever it would become") {
  const auto bomb = deflated(std::string(64U << 20U, '\0'));
  REQUIRE(bomb.size() < kLimit * 2);
  Inflater inflater(15, true);
  Receiver receiver({.max_message_size = kLimit, .inflater = &inflater});
  Events events;
  std::size_t most = 0;
  // A quarter of it is far beyond the limit.
  const auto begin = frame(0x42, bomb.substr(0, bomb.size() / 4));
  for (const char byte : begin) {
    testing::feed(receiver, {&byte, 1}, events);
    most = std::max(most, receiver.memory());
  }
  CHECK(events == Events{kTooLong});
  CHECK(most <= 2 * kLimit);
  CHECK(receiver.memory() == 0);
  CHECK_FALSE(inflater.holds_window());
}

TEST_CASE("between compressed messages nothing is held but the window that is kept") {
  for (const bool keeps_window : {false, true}) {
    Inflater inflater(15, keeps_window);
    Receiver receiver({.inflater = &inflater});
    Events events;
    testing::feed(receiver, in_frames(deflated(std::string(3000, 'x')), 10), events);
    CHECK((events == Events{"text/64:" + std::string(3000, 'x')}));
    CHECK(receiver.memory() == 0);
    CHECK(inflater.holds_window() == keeps_window);
  }
}

}  // namespace
}  // namespace aiopyr::websocket

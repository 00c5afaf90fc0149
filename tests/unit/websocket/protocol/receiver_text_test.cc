#include <string>

#include <catch2/catch.hpp>

#include "tests/unit/support/stream.h"
#include <aiopyr/websocket/protocol/receiver.h>

namespace aiopyr::websocket {
namespace {

using testing::Events;
using testing::frame;
using testing::receive;

const Events kBadText = {"error:1007:text is not UTF-8"};

// Returns whether a receiver has found an error in the first `size` bytes of the stream.
bool fails_within(std::string_view stream, std::size_t size) {
  return receive(stream.substr(0, size)) == kBadText;
}

TEST_CASE("text that is not UTF-8 is an error, binary is not looked at") {
  CHECK(receive(frame(0x81, "a\xFFz")) == kBadText);
  CHECK(receive(frame(0x81, "cut \xE2\x82")) == kBadText);
  CHECK(receive(frame(0x82, "a\xFFz")) == Events{"binary:a\xFFz"});
}

TEST_CASE("a character may be cut between two frames") {
  CHECK(receive(frame(0x01, "\xF0\x9F") + frame(0x00, "\x98") + frame(0x80, "\x80")) ==
        Events{"text:\xF0\x9F\x98\x80"});
}

TEST_CASE("a character that the last fragment leaves open is an error") {
  CHECK(receive(frame(0x01, "ok") + frame(0x80, "\xE2")) == kBadText);
  CHECK(receive(frame(0x01, "\xE2\x82") + frame(0x80, "")) == kBadText);
}

TEST_CASE("an open character does not reach over to the next message") {
  CHECK(receive(frame(0x81, "\xC3\xA4") + frame(0x81, "\xA4")) ==
        Events{"text:\xC3\xA4", "error:1007:text is not UTF-8"});
}

TEST_CASE("bad UTF-8 is found at its byte in a frame that is not complete") {
  const auto stream = frame(0x81, "abc\xF4\x90\x80\x80 and a long rest");
  const std::size_t header = 6;
  CHECK_FALSE(fails_within(stream, header + 4));
  CHECK(fails_within(stream, header + 5));
}

TEST_CASE("bad UTF-8 is found in a fragment before the message is complete") {
  const auto stream = frame(0x01, "good") + frame(0x00, "ba\xC0 more");
  CHECK(receive(stream) == kBadText);
  const std::size_t second_payload = 6 + 4 + 6;
  CHECK_FALSE(fails_within(stream, second_payload + 2));
  CHECK(fails_within(stream, second_payload + 3));
}

TEST_CASE("a ping between two halves of a character does not hide it") {
  CHECK(receive(frame(0x01, "\xC3") + frame(0x89, "\xFF") + frame(0x80, "\xA4")) ==
        Events{"ping:\xFF", "text:\xC3\xA4"});
}

}  // namespace
}  // namespace aiopyr::websocket

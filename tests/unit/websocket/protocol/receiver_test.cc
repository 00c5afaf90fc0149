#include <string>

#include <catch2/catch.hpp>

#include "tests/unit/support/stream.h"
#include <aiopyr/websocket/protocol/close_code.h>
#include <aiopyr/websocket/protocol/receiver.h>

namespace aiopyr::websocket {
namespace {

using testing::as_client;
using testing::bytes;
using testing::Events;
using testing::frame;
using testing::receive;

std::string close_payload(int code, std::string_view reason = {}) {
  return bytes({code >> 8, code & 0xFF}).append(reason);
}

// Section 5.7, the examples.

TEST_CASE("the RFC's example of an unmasked text reaches a client") {
  CHECK(receive(bytes({0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f}), {}, as_client()) ==
        Events{"text:Hello"});
}

TEST_CASE("the RFC's example of a masked text reaches a server") {
  CHECK(receive(bytes({0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58})) ==
        Events{"text:Hello"});
}

TEST_CASE("the RFC's example of a fragmented text becomes one message") {
  CHECK(receive(bytes({0x01, 0x03, 0x48, 0x65, 0x6c, 0x80, 0x02, 0x6c, 0x6f}), {}, as_client()) ==
        Events{"text:Hello"});
}

TEST_CASE("the RFC's examples of ping and pong carry Hello") {
  CHECK(receive(bytes({0x89, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f}), {}, as_client()) ==
        Events{"ping:Hello"});
  CHECK(receive(bytes({0x8a, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58})) ==
        Events{"pong:Hello"});
}

TEST_CASE("the RFC's examples of long binary messages arrive whole") {
  const std::string short_one(256, 'b');
  const std::string long_one(65536, 'B');
  CHECK(receive(bytes({0x82, 0x7E, 0x01, 0x00}) + short_one, {}, as_client()) ==
        Events{"binary:" + short_one});
  CHECK(receive(bytes({0x82, 0x7F, 0, 0, 0, 0, 0, 1, 0, 0}) + long_one, {}, as_client()) ==
        Events{"binary:" + long_one});
}

// Messages and fragments, section 5.4.

TEST_CASE("text and binary keep their types, and empty messages are messages") {
  CHECK(receive(frame(0x81, "a") + frame(0x82, "\xFF") + frame(0x81, "") + frame(0x82, "")) ==
        Events{"text:a", "binary:\xFF", "text:", "binary:"});
}

TEST_CASE("control frames between the fragments are delivered first and harm nothing") {
  CHECK(receive(frame(0x01, "one ") + frame(0x89, "p") + frame(0x00, "two ") + frame(0x8A, "q") +
                frame(0x80, "three")) == Events{"ping:p", "pong:q", "text:one two three"});
}

TEST_CASE("a close inside of a fragmented message ends the connection") {
  CHECK(receive(frame(0x01, "one") + frame(0x88, close_payload(1001))) == Events{"close:1001:"});
}

TEST_CASE("empty fragments are allowed at any place of a message") {
  CHECK(receive(frame(0x02, "") + frame(0x00, "") + frame(0x00, "x") + frame(0x80, "")) ==
        Events{"binary:x"});
  CHECK(receive(frame(0x01, "") + frame(0x80, "")) == Events{"text:"});
}

TEST_CASE("a continuation outside of a message is an error") {
  CHECK(receive(frame(0x80, "x")) == Events{"error:1002:continuation frame outside of a message"});
  CHECK(receive(frame(0x81, "x") + frame(0x00, "y")) ==
        Events{"text:x", "error:1002:continuation frame outside of a message"});
}

TEST_CASE("a new message inside of one is an error") {
  for (const int opcode : {0x01, 0x02, 0x81, 0x82}) {
    CHECK(receive(frame(0x01, "x") + frame(opcode, "y")) ==
          Events{"error:1002:new message before the end of the last one"});
  }
}

// The frame's first bytes, sections 5.1, 5.2 and 5.5.

TEST_CASE("a server refuses unmasked frames and a client masked ones") {
  CHECK(receive(bytes({0x81, 0x01, 'x'})) ==
        Events{"error:1002:frame from a client is not masked"});
  CHECK(receive(frame(0x81, "x"), {}, as_client()) ==
        Events{"error:1002:frame from a server is masked"});
}

TEST_CASE("reserved bits are errors where nobody has claimed them") {
  for (const int rsv : {0x10, 0x20, 0x40, 0x70}) {
    CHECK(receive(frame(0x81 | rsv, "x")) == Events{"error:1002:reserved bits are set"});
  }
}

TEST_CASE("a claimed bit is for the first frame of a message only") {
  ReceiverOptions options;
  options.claimed_rsv = kRsv1;
  CHECK(receive(frame(0x41, "\xFF") + frame(0x80, "x"), {}, options) == Events{"text/64:\xFFx"});
  CHECK(receive(frame(0xC2, "x") + frame(0x82, "y"), {}, options) ==
        Events{"binary/64:x", "binary:y"});
  const auto refused = Events{"error:1002:reserved bits are set"};
  CHECK(receive(frame(0xE1, "x"), {}, options) == refused);
  CHECK(receive(frame(0xC9, "x"), {}, options) == refused);
  CHECK(receive(frame(0x41, "x") + frame(0xC0, "y"), {}, options) == refused);
}

TEST_CASE("reserved opcodes are errors") {
  for (const int opcode : {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
    CHECK(receive(frame(0x80 | opcode, "")) == Events{"error:1002:opcode is reserved"});
  }
}

TEST_CASE("control frames take 125 bytes and no more, and no fragments") {
  const std::string longest(125, 'p');
  CHECK(receive(frame(0x89, longest)) == Events{"ping:" + longest});
  CHECK(receive(frame(0x89, longest + "p")) ==
        Events{"error:1002:control frame is longer than 125 bytes"});
  for (const int opcode : {0x8, 0x9, 0xA}) {
    CHECK(receive(frame(opcode, "")) == Events{"error:1002:control frame is fragmented"});
  }
}

// Closing, sections 5.5.1 and 7.4.

TEST_CASE("a close has no payload, a code, or a code and a reason") {
  CHECK(receive(frame(0x88, "")) == Events{"close:1005:"});
  CHECK(receive(frame(0x88, close_payload(1000))) == Events{"close:1000:"});
  CHECK(receive(frame(0x88, close_payload(4999, "\xC3\xA4"))) == Events{"close:4999:\xC3\xA4"});
  const std::string longest(123, 'r');
  CHECK(receive(frame(0x88, close_payload(1000, longest))) == Events{"close:1000:" + longest});
}

TEST_CASE("a close with one byte is an error") {
  CHECK(receive(frame(0x88, "x")) == Events{"error:1002:close frame with one byte"});
}

TEST_CASE("each close code is taken or refused as section 7.4 and the registry say") {
  const auto is_allowed = [](int code) {
    if (code >= 1000 && code <= 1003) return true;
    return (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
  };
  for (int code = 0; code < 65536; ++code) {
    const auto events = receive(frame(0x88, close_payload(code)));
    const auto expected = is_allowed(code) ? "close:" + std::to_string(code) + ":"
                                           : std::string{"error:1002:close code is not allowed"};
    if (events != Events{expected}) FAIL("close code " << code);
  }
  for (const int code : {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535}) {
    CHECK_FALSE(may_be_on_wire(static_cast<std::uint16_t>(code)));
  }
}

TEST_CASE("a close reason that is not UTF-8 is an error") {
  CHECK(receive(frame(0x88, close_payload(1000, "\xFF"))) ==
        Events{"error:1007:close reason is not UTF-8"});
  CHECK(receive(frame(0x88, close_payload(1000, "ab\xE2\x82"))) ==
        Events{"error:1007:close reason is not UTF-8"});
}

TEST_CASE("nothing is taken after a close or after an error") {
  Receiver receiver;
  Events events;
  testing::feed(receiver, frame(0x88, "") + frame(0x81, "late"), events);
  CHECK(receiver.ended());
  testing::feed(receiver, frame(0x83, "later"), events);
  CHECK(events == Events{"close:1005:"});
  CHECK(receive(frame(0x83, "") + frame(0x81, "late")) == Events{"error:1002:opcode is reserved"});
}

TEST_CASE("messages before a violation are delivered before it") {
  CHECK(receive(frame(0x81, "a") + frame(0x89, "b") + frame(0x82, "c") + frame(0x83, "d")) ==
        Events{"text:a", "ping:b", "binary:c", "error:1002:opcode is reserved"});
}

}  // namespace
}  // namespace aiopyr::websocket

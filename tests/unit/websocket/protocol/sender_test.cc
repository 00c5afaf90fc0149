#include <string>

#include <catch2/catch.hpp>

#include "tests/unit/support/stream.h"
#include <aiopyr/websocket/protocol/sender.h>
#include <aiopyr/websocket/protocol/utf8.h>

namespace aiopyr::websocket {
namespace {

using testing::as_client;
using testing::bytes;
using testing::Events;
using testing::receive;

TEST_CASE("a server's text is the RFC's example") {
  std::string out;
  append_message(out, Opcode::kText, "Hello");
  CHECK(out == bytes({0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f}));
}

TEST_CASE("a client's text is the RFC's example") {
  std::string out;
  append_message(out, Opcode::kText, "Hello", testing::kMask);
  CHECK(out == bytes({0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58}));
}

TEST_CASE("a fragmented text is the RFC's example") {
  std::string out;
  FragmentedMessage message{Opcode::kText};
  message.append(out, "Hel", false);
  CHECK_FALSE(message.done());
  message.append(out, "lo", true);
  CHECK(message.done());
  CHECK(out == bytes({0x01, 0x03, 0x48, 0x65, 0x6c, 0x80, 0x02, 0x6c, 0x6f}));
}

TEST_CASE("the bits of an extension are on the first frame of a message only") {
  std::string out;
  append_message(out, Opcode::kBinary, "", {}, kRsv1);
  FragmentedMessage message{Opcode::kBinary, kRsv1};
  message.append(out, "", false);
  message.append(out, "", true);
  CHECK(out == bytes({0xC2, 0, 0x42, 0, 0x80, 0}));
}

TEST_CASE("what a server sends a client receives") {
  std::string out;
  append_message(out, Opcode::kText, "text");
  append_message(out, Opcode::kBinary, std::string(70000, 'x'));
  CHECK(append_ping(out, "ping"));
  CHECK(append_pong(out, ""));
  CHECK(append_close(out, 1001, "bye"));
  CHECK(receive(out, {}, as_client()) == Events{"text:text", "binary:" + std::string(70000, 'x'),
                                                "ping:ping", "pong:", "close:1001:bye"});
}

TEST_CASE("what a client sends a server receives") {
  std::string out;
  append_message(out, Opcode::kText, "text", testing::kMask);
  FragmentedMessage message{Opcode::kBinary};
  message.append(out, "a", false, testing::kMask);
  CHECK(append_ping(out, "ping", testing::kMask));
  message.append(out, "b", true, testing::kMask);
  append_empty_close(out, testing::kMask);
  CHECK(receive(out) == Events{"text:text", "ping:ping", "binary:ab", "close:1005:"});
}

TEST_CASE("a header for a writev is what the whole frame begins with") {
  FragmentedMessage message{Opcode::kText};
  const auto header = encode_header(message.next(3, true));
  std::string out;
  append_message(out, Opcode::kText, "abc");
  CHECK(std::string{header.view()} + "abc" == out);
}

TEST_CASE("pings and pongs above 125 bytes are refused and append nothing") {
  std::string out;
  CHECK(append_ping(out, std::string(125, 'x')));
  out.clear();
  CHECK_FALSE(append_ping(out, std::string(126, 'x')));
  CHECK_FALSE(append_pong(out, std::string(126, 'x')));
  CHECK(out.empty());
}

TEST_CASE("a close code that may not be on the wire is refused and appends nothing") {
  std::string out;
  for (const int code : {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535}) {
    CHECK_FALSE(append_close(out, static_cast<std::uint16_t>(code)));
  }
  CHECK(out.empty());
  for (const int code : {1000, 1003, 1007, 1011, 1014, 3000, 4999}) {
    CHECK(append_close(out, static_cast<std::uint16_t>(code)));
  }
}

TEST_CASE("a long close reason is cut between two characters") {
  for (std::size_t before = 100; before <= 130; ++before) {
    for (const std::string character : {"x", "\xC3\xA4", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"}) {
      const auto reason = std::string(before, 'r') + character + character;
      const auto cut = fit_close_reason(reason);
      CHECK(is_valid_utf8(cut));
      CHECK(cut.size() <= 123);
      CHECK(reason.substr(0, cut.size()) == cut);
      CHECK((cut.size() == reason.size() || cut.size() + character.size() > 123));
      std::string out;
      CHECK(append_close(out, 1000, reason));
      CHECK(receive(out, {}, as_client()) == Events{"close:1000:" + std::string{cut}});
    }
  }
}

TEST_CASE("a close reason that is not UTF-8 is left out") {
  CHECK(fit_close_reason("a\xFF").empty());
  CHECK(fit_close_reason(std::string(200, '\x80')).empty());
}

}  // namespace
}  // namespace aiopyr::websocket

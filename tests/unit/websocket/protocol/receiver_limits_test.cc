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

const Events kTooBig = {"error:1009:message is over the size limit"};

ReceiverOptions with_limit(std::uint64_t limit) {
  ReceiverOptions options;
  options.max_message_size = limit;
  return options;
}

// Holds the stream in a buffer that stays, as in a connection.
struct Buffer {
  explicit Buffer(std::string_view stream) : text{stream} {}

  [[nodiscard]] bool holds(std::span<const std::byte> payload) const {
    const auto all = std::as_bytes(std::span{text});
    return payload.data() >= all.data() &&
           payload.data() + payload.size() <= all.data() + all.size();
  }
  std::string text;
  std::span<std::byte> input = std::as_writable_bytes(std::span{text});
};

TEST_CASE("a message may be as long as the limit and not longer") {
  CHECK(receive(frame(0x82, "12345"), {}, with_limit(5)) == Events{"binary:12345"});
  CHECK(receive(frame(0x82, "123456"), {}, with_limit(5)) == kTooBig);
  CHECK(receive(frame(0x81, ""), {}, with_limit(0)) == Events{"text:"});
}

TEST_CASE("the limit counts all fragments of a message and starts anew with the next") {
  const auto fragments = frame(0x02, "123") + frame(0x80, "45");
  CHECK(receive(fragments + fragments, {}, with_limit(5)) ==
        Events{"binary:12345", "binary:12345"});
  CHECK(receive(fragments, {}, with_limit(4)) == kTooBig);
}

TEST_CASE("the limit is one mebibyte where nothing else is said") {
  CHECK(receive(frame(0x82, std::string(1024 * 1024, 'x'))).front().size() == 1024 * 1024 + 7);
  CHECK(receive(frame(0x82, std::string(1024 * 1024 + 1, 'x'))) == kTooBig);
}

TEST_CASE("the limit does not hold for control frames") {
  CHECK(receive(frame(0x89, "123456"), {}, with_limit(5)) == Events{"ping:123456"});
}

TEST_CASE("a frame over the limit fails at its header, before any payload") {
  auto header = bytes({0x82, 0xFF, 0x7F, 255, 255, 255, 255, 255, 255, 255, 1, 2, 3, 4});
  CHECK(receive(header) == kTooBig);
  CHECK(receive(frame(0x02, "1") + header, {}, with_limit(~0ULL)) ==
        Events{"error:1002:new message before the end of the last one"});
  header[0] = 0;
  CHECK(receive(frame(0x02, "1") + header) == kTooBig);
}

TEST_CASE("whole frames are delivered from the caller's buffer, without a copy") {
  Buffer buffer{frame(0x81, "one") + frame(0x89, "two") + frame(0x82, std::string(4000, 'x'))};
  Receiver receiver;
  for (int i = 0; i < 3; ++i) {
    const auto incoming = receiver.next(buffer.input);
    REQUIRE(incoming);
    CHECK(buffer.holds(incoming.payload));
    CHECK(receiver.memory() == 0);
  }
  CHECK_FALSE(receiver.next(buffer.input));
}

TEST_CASE("a frame whose header alone came before is not copied either") {
  const auto stream = frame(0x82, std::string(300, 'x'));
  Buffer first{std::string_view{stream}.substr(0, 8)};
  Buffer second{std::string_view{stream}.substr(8)};
  Receiver receiver;
  CHECK_FALSE(receiver.next(first.input));
  const auto incoming = receiver.next(second.input);
  CHECK(incoming.payload.size() == 300);
  CHECK(second.holds(incoming.payload));
}

TEST_CASE("a long frame that has come whole is delivered as a string that take gives away") {
  const auto long_text = std::string(20'000, 'x') + "\xC3\xA9";
  Buffer buffer{frame(0x81, long_text) + frame(0x82, "next")};
  Receiver receiver;
  const auto incoming = receiver.next(buffer.input);
  CHECK_FALSE(buffer.holds(incoming.payload));
  const auto* where = reinterpret_cast<const char*>(incoming.payload.data());
  const auto taken = receiver.take(incoming);
  CHECK(taken == long_text);
  CHECK(taken.data() == where);
  CHECK(receiver.memory() == 0);
  CHECK(receiver.next(buffer.input).view() == "next");
}

TEST_CASE("a long frame that nobody takes is held until the next call") {
  Buffer buffer{frame(0x82, std::string(20'000, 'x')) + frame(0x82, "next")};
  Receiver receiver;
  CHECK(receiver.next(buffer.input).payload.size() == 20'000);
  CHECK(receiver.memory() >= 20'000);
  CHECK(receiver.next(buffer.input).view() == "next");
  CHECK(receiver.memory() == 0);
}

TEST_CASE("the caller may stop between two messages and go on with the rest later") {
  Buffer buffer{frame(0x81, "one") + frame(0x81, "two")};
  Receiver receiver;
  CHECK(receiver.next(buffer.input).view() == "one");
  std::string rest{reinterpret_cast<const char*>(buffer.input.data()), buffer.input.size()};
  Buffer later{rest};
  CHECK(receiver.next(later.input).view() == "two");
  CHECK(later.input.empty());
}

TEST_CASE("what is kept is bounded by what has arrived, not by what a header promises") {
  const auto stream = frame(0x82, std::string(1000000, 'x'));
  Buffer piece{std::string_view{stream}.substr(0, 1014)};
  Receiver receiver;
  CHECK_FALSE(receiver.next(piece.input));
  CHECK(receiver.memory() <= 4 * 1000 + 1 + sizeof(std::string));
}

TEST_CASE("a receiver that waits for the next message holds no memory") {
  const auto stream = frame(0x02, std::string(9000, 'x')) + frame(0x89, std::string(100, 'p')) +
                      frame(0x80, std::string(9000, 'y'));
  Receiver receiver;
  Events events;
  for (std::size_t at = 0; at < stream.size(); at += 1000) {
    CHECK((at == 0 || receiver.in_message()));
    testing::feed(receiver, std::string_view{stream}.substr(at, 1000), events);
  }
  CHECK(events.size() == 2);
  CHECK(receiver.memory() == 0);
  CHECK_FALSE(receiver.in_message());
}

TEST_CASE("a receiver that has ended holds no memory") {
  Receiver receiver;
  Events events;
  testing::feed(receiver, frame(0x02, std::string(9000, 'x')) + frame(0x83, ""), events);
  CHECK(receiver.ended());
  CHECK(receiver.memory() == 0);
}

TEST_CASE("a receiver that has failed at a long text holds no memory") {
  Receiver receiver;
  Events events;
  testing::feed(receiver, frame(0x81, std::string(20'000, 'x') + "\xC3"), events);
  CHECK(events.size() == 1);
  CHECK(receiver.ended());
  CHECK(receiver.memory() == 0);
}

TEST_CASE("take gives the payload as a string wherever it is") {
  const auto message = std::string(500, 'm');
  const auto stream = frame(0x82, message);
  Receiver receiver;
  Buffer whole{stream};
  auto incoming = receiver.next(whole.input);
  CHECK(receiver.take(incoming) == message);

  Buffer first{std::string_view{stream}.substr(0, 100)};
  Buffer second{std::string_view{stream}.substr(100)};
  CHECK_FALSE(receiver.next(first.input));
  incoming = receiver.next(second.input);
  const auto* where = reinterpret_cast<const char*>(incoming.payload.data());
  const auto taken = receiver.take(incoming);
  CHECK(taken == message);
  CHECK(taken.data() == where);
  CHECK(receiver.memory() == 0);
}

TEST_CASE("take gives an empty string for a message without bytes") {
  Buffer buffer{frame(0x81, "")};
  Receiver receiver;
  CHECK(receiver.take(receiver.next(buffer.input)).empty());
}

}  // namespace
}  // namespace aiopyr::websocket

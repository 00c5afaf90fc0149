#include <string>

#include <catch2/catch.hpp>

#include "tests/unit/support/deflate_samples.h"
#include "tests/unit/support/stream.h"
#include <aiopyr/websocket/messages/prepared_message.h>
#include <aiopyr/websocket/protocol/sender.h>

namespace aiopyr::websocket::testing {
namespace {

const std::string kJson =
    R"({"user": "ann", "message": "hello", "room": "blue", "time": 1700000001})";

/// Returns a peer's events for one frame of ours.
Events received(Inflater& inflater, std::string_view wire) {
  return receive(wire, {}, {.role = Role::kClient, .inflater = &inflater});
}

std::string wire(Compression& compression, std::string_view message) {
  const auto encoded = compression.encode(message);
  std::string out;
  append_message(out, Opcode::kText, encoded.payload, {}, encoded.rsv);
  return out;
}

TEST_CASE("A message below the smallest size goes as it is") {
  Compression compression({}, {.min_size = 10});
  CHECK(compression.encode("123456789").rsv == 0);
  CHECK(compression.encode("123456789").payload == "123456789");
  CHECK(compression.encode("1234567890").rsv == kRsv1);
}

TEST_CASE("Without a smallest size even the empty message is compressed") {
  Compression compression({}, {.min_size = 0});
  Inflater peer(15, true);
  CHECK(received(peer, wire(compression, "")) == Events{"text/64:"});
}

TEST_CASE("A message that does not become shorter goes as it is unless a window goes on from it") {
  Compression alone({.server_no_context_takeover = true}, {});
  const auto message = noise(1000);
  CHECK(alone.encode(message).rsv == 0);
  CHECK((alone.encode(message).payload == message));
  Compression keeping({}, {});
  CHECK(keeping.encode(message).rsv == kRsv1);
  // The peer's window includes it now.
  CHECK(keeping.encode(message).payload.size() < 50);
}

TEST_CASE("A shared message is one frame for all that can have the same") {
  Compression first({}, {});
  Compression second({}, {});
  Compression smaller({.server_window_bits = 9}, {});
  Compression later({}, {.min_size = 1000});
  const PreparedMessage message(Message(kJson + kJson));
  const auto plain = message.frame_for(nullptr);
  const auto deflated = message.frame_for(&first);
  CHECK(message.frame_for(&second).data() == deflated.data());
  CHECK(message.frame_for(nullptr).data() == plain.data());
  CHECK(message.frame_for(&smaller).data() != deflated.data());
  CHECK(message.frame_for(&later) == plain);
  CHECK(deflated.size() < plain.size());
  Inflater peer(15, false);
  CHECK(received(peer, deflated) == Events{"text/64:" + kJson + kJson});
  CHECK(received(peer, plain) == Events{"text:" + kJson + kJson});
}

TEST_CASE("Between a connection's own messages a shared one keeps both windows in step") {
  Compression compression({}, {.min_size = 0});
  Inflater peer(15, true);
  for (int turn = 0; turn < 5; ++turn) {
    for (const std::string& own : {kJson, "own " + std::to_string(turn)}) {
      CHECK(received(peer, wire(compression, own)) == Events{"text/64:" + own});
    }
    const PreparedMessage shared(Message("shared " + kJson + std::to_string(turn) + kJson));
    CHECK(received(peer, shared.frame_for(&compression)) ==
          Events{"text/64:" + std::string(shared.payload())});
    const PreparedMessage tiny(Message("x"));  // becomes no shorter
    CHECK(received(peer, tiny.frame_for(&compression)) == Events{"text:x"});
  }
}

TEST_CASE("The pieces of one message are compressed as they come") {
  for (const bool alone : {false, true}) {
    Compression compression({.server_no_context_takeover = alone}, {});
    Inflater peer(15, !alone);
    for (int turn = 0; turn < 2; ++turn) {
      FragmentedMessage fragments(Opcode::kText, kRsv1);
      std::string out;
      for (const std::string& piece : {kJson, std::string(), kJson}) {
        const auto encoded = compression.encode_piece(piece, out.empty(), false);
        CHECK(encoded.rsv == (out.empty() ? kRsv1 : 0));
        fragments.append(out, encoded.payload, false);
      }
      fragments.append(out, compression.encode_piece({}, false, true).payload, true);
      CHECK(out.size() < 2 * kJson.size());
      CHECK(received(peer, out) == Events{"text/64:" + kJson + kJson});
      CHECK(compression.deflater().holds_window() != alone);
    }
  }
}

TEST_CASE("A connection that gets shared messages only holds no window") {
  Compression compression({}, {});
  const PreparedMessage message(Message(kJson + kJson));
  CHECK_FALSE(message.frame_for(&compression).empty());
  CHECK_FALSE(compression.deflater().holds_window());
}

}  // namespace
}  // namespace aiopyr::websocket::testing

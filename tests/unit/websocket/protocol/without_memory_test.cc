// Tests lack of memory in the middle of a handshake or of a message.
#include <new>
#include <string>

#include <catch2/catch.hpp>

#include "tests/unit/support/failing_allocations.h"
#include "tests/unit/support/stream.h"
#include <aiopyr/websocket/protocol/handshake.h>
#include <aiopyr/websocket/protocol/receiver.h>

namespace aiopyr::websocket {
namespace {

using aiopyr::testing::fail_each_allocation;
using aiopyr::testing::FailingAllocations;
using testing::frame;

std::string conversation() {
  return frame(0x01, std::string(50, 'a')) + frame(0x89, "ping") +
         frame(0x80, std::string(90, 'b')) + frame(0x82, std::string(300, 'c')) +
         frame(0x88, "\x03\xE8");
}

/// Feeds a stream in pieces, each in place.
void receive_all(Receiver& receiver, std::string stream, std::size_t piece) {
  auto input = std::as_writable_bytes(std::span{stream});
  while (!input.empty()) {
    auto part = input.first(std::min(piece, input.size()));
    input = input.subspan(part.size());
    while (const auto incoming = receiver.next(part)) {
      if (incoming.kind == Incoming::Kind::kBinary) static_cast<void>(receiver.take(incoming));
    }
  }
}

TEST_CASE("A receiver that memory runs out for throws bad_alloc and keeps nothing") {
  const std::size_t piece = GENERATE(1, 7, 100, 10'000);
  const std::string stream = conversation();
  fail_each_allocation([&] {
    Receiver receiver;
    receive_all(receiver, stream, piece);
    return true;
  });
}

TEST_CASE("A receiver of compressed messages that memory runs out for throws bad_alloc") {
  // RFC 7692 section 7.2.3.1: "Hello".
  const std::string hello("\xF2\x48\xCD\xC9\xC9\x07\x00", 7);
  const std::string stream = frame(0x41, hello.substr(0, 3)) + frame(0x80, hello.substr(3)) +
                             frame(0xC1, hello) + frame(0x88, "");
  fail_each_allocation([&] {
    Inflater inflater(15, true);
    ReceiverOptions options;
    options.claimed_rsv = kRsv1;
    options.inflater = &inflater;
    Receiver receiver(options);
    receive_all(receiver, stream, 2);
    return true;
  });
}

TEST_CASE("A receiver that has thrown for want of memory can still be asked and destroyed") {
  for (std::size_t position = 0;; ++position) {
    Receiver receiver;
    bool has_failed = false;
    {
      const FailingAllocations failing(position);
      try {
        receive_all(receiver, conversation(), 3);
      } catch (const std::bad_alloc&) {
        // Ignores the result of a stream with a gap.
      }
      has_failed = failing.has_failed();
    }
    receive_all(receiver, conversation(), 5);
    CHECK(receiver.memory() < 10'000);
    if (!has_failed) break;
  }
}

TEST_CASE("A handshake that memory runs out for throws bad_alloc") {
  HandshakeRequest request;
  request.method = "GET";
  request.upgrade = "websocket";
  request.connection = "keep-alive, Upgrade";
  request.key = "dGhlIHNhbXBsZSBub25jZQ==";
  request.version = "13";
  request.protocols = "one.protocol.with.a.long.name, another.protocol.with.a.long.name";
  request.extensions = "permessage-deflate; client_max_window_bits; server_no_context_takeover";
  request.origin = "http://a.host.with.a.long.name.example.org";
  request.scheme = "http";
  request.host = "a.host.with.a.long.name.example.org";
  HandshakeOptions options;
  options.subprotocols = {"another.protocol.with.a.long.name"};
  options.compression = PermessageDeflate{};
  REQUIRE(check_handshake(request, options).accepted());
  fail_each_allocation([&] { return check_handshake(request, options); });
}

}  // namespace
}  // namespace aiopyr::websocket

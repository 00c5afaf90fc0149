#include <array>
#include <memory>
#include <optional>
#include <string>
#include <sys/socket.h>

#include <catch2/catch.hpp>

#include "tests/unit/support/scripted_transport.h"
#include <aiopyr/plugin/connection/awaited_body.h>

namespace aiopyr::plugin {
namespace {

using websocket::testing::Script;
using websocket::testing::ScriptedTransport;

TEST_CASE("Where there is no body nothing is awaited") {
  AwaitedBody none;
  const auto script = std::make_shared<Script>();
  ScriptedTransport stream(script);
  CHECK(none.is_enough());
  CHECK(none.read_on(stream));
  CHECK_FALSE(none.has_more_to_come(stream.fd()));
  CHECK(none.received(stream.fd()) == 0);
  CHECK(script->calls == 0);
}

TEST_CASE("A body that the socket counts is awaited there") {
  const auto fds = websocket::testing::make_socketpair();
  const SocketTransport stream(fds[0]);
  websocket::testing::Peer peer(fds[1]);
  const AwaitedBody body(10, 10, nullptr, true);
  CHECK(body.awaited() == 10);
  CHECK_FALSE(body.is_enough());
  CHECK(body.has_more_to_come(stream.fd()));
  CHECK(body.countable_rest() == 10U);
  peer.send("123456789");
  CHECK(body.has_more_to_come(stream.fd()));
  peer.send("0");
  CHECK_FALSE(body.has_more_to_come(stream.fd()));
}

TEST_CASE("What the socket cannot count always has more to come") {
  const AwaitedBody uncounted(10, 0, nullptr, false);
  const AwaitedBody chunked(std::nullopt, 0, nullptr, true);
  CHECK(uncounted.has_more_to_come(-1));
  CHECK(chunked.has_more_to_come(-1));
  CHECK_FALSE(uncounted.countable_rest());
  CHECK_FALSE(chunked.countable_rest());
}

TEST_CASE("A long body is not left in the socket's buffer to be counted") {
  CHECK(AwaitedBody(256U << 10U, 0, nullptr, true).countable_rest());
  CHECK_FALSE(AwaitedBody((256U << 10U) + 1, 0, nullptr, true).countable_rest());
}

TEST_CASE("A body that is read ahead is read in any pieces, and not beyond its end") {
  for (std::size_t size = 1; size < 12; ++size) {
    const auto script = std::make_shared<Script>();
    script->input = "lo worldGET /next";
    script->read_size = size;
    script->hesitates = true;
    ScriptedTransport stream(script);
    AwaitedBody body(8, 0, std::make_unique<BodyInput>(11, "hel"), false);
    CHECK_FALSE(body.is_enough());
    int reads = 1;
    while (!body.read_on(stream)) ++reads;
    CHECK(reads <= 12);
    CHECK(body.is_enough());
    CHECK_FALSE(body.has_more_to_come(stream.fd()));
    const auto input = body.release();
    CHECK(input->size() == 11);
    CHECK(script->input == "GET /next");
  }
}

TEST_CASE("A body that breaks off is enough: its view gets to see that") {
  const auto script = std::make_shared<Script>();
  script->input = "lo";
  ScriptedTransport stream(script);
  AwaitedBody body(8, 0, std::make_unique<BodyInput>(11, "hel"), false);
  CHECK(body.read_on(stream));
}

}  // namespace
}  // namespace aiopyr::plugin

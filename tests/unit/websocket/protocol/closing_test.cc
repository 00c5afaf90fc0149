#include <catch2/catch.hpp>

#include <aiopyr/websocket/protocol/close_code.h>
#include <aiopyr/websocket/protocol/closing.h>

namespace aiopyr::websocket {
namespace {

TEST_CASE("a peer's close is answered once, and then the handshake is done") {
  ClosingHandshake closing;
  CHECK(closing.may_send());
  CHECK(closing.on_received(1001, "leaving"));
  CHECK(closing.may_send());
  CHECK_FALSE(closing.done());
  CHECK(closing.on_sent(1001, ""));
  CHECK_FALSE(closing.may_send());
  CHECK(closing.done());
  CHECK(closing.peer_closed_first());
  CHECK(closing.received() == CloseFrame{1001, "leaving"});
  CHECK(closing.sent() == CloseFrame{1001, ""});
  CHECK(closing.code() == 1001);
  CHECK(closing.reason() == "leaving");
}

TEST_CASE("the answer to our own close is not answered") {
  ClosingHandshake closing;
  CHECK(closing.on_sent(1000, "done"));
  CHECK_FALSE(closing.may_send());
  CHECK_FALSE(closing.done());
  CHECK_FALSE(closing.on_received(1000, "done"));
  CHECK(closing.done());
  CHECK_FALSE(closing.peer_closed_first());
}

TEST_CASE("only the first close frame each way counts") {
  ClosingHandshake closing;
  CHECK(closing.on_sent(1000, "first"));
  CHECK_FALSE(closing.on_sent(1011, "second"));
  CHECK_FALSE(closing.on_received(1001, "first"));
  CHECK_FALSE(closing.on_received(1002, "second"));
  CHECK(closing.sent()->code == 1000);
  CHECK(closing.received()->code == 1001);
}

TEST_CASE("a connection lost without a close frame has the code 1006") {
  ClosingHandshake closing;
  CHECK(closing.code() == kAbnormalClosure);
  CHECK(closing.on_sent(1000, "bye"));
  CHECK(closing.code() == kAbnormalClosure);
  CHECK(closing.reason().empty());
}

}  // namespace
}  // namespace aiopyr::websocket

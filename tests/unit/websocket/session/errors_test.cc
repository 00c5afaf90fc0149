#include <catch2/catch.hpp>

#include <aiopyr/websocket/session/errors.h>

namespace aiopyr::websocket {
namespace {

TEST_CASE("Codes 1000, 1001 and none are a close in order, all others an error") {
  const auto code = GENERATE(values<std::uint16_t>({1000, 1001, 1005, 1002, 1011, 3000}));
  const bool ok = code <= 1001 || code == 1005;
  ClosingHandshake closing;
  static_cast<void>(closing.on_received(code, "why"));
  static_cast<void>(closing.on_sent(code, ""));
  try {
    throw_connection_closed(closing, false);
  } catch (const ConnectionClosedOK& closed) {
    CHECK(ok);
    CHECK(closed.code() == code);
  } catch (const ConnectionClosedError& closed) {
    CHECK_FALSE(ok);
    CHECK(closed.reason() == "why");
    CHECK(closed.peer_closed_first());
  }
}

TEST_CASE("Our own close that was not answered is in order until the stream is lost") {
  ClosingHandshake closing;
  static_cast<void>(closing.on_sent(1000, "bye"));
  CHECK_THROWS_AS(throw_connection_closed(closing, false), ConnectionClosedOK);
  CHECK_THROWS_AS(throw_connection_closed(closing, true), ConnectionClosedError);
}

TEST_CASE("A lost connection without close frames is an error with 1006") {
  try {
    throw_connection_closed({}, true);
  } catch (const ConnectionClosed& closed) {
    CHECK(closed.code() == 1006);
    CHECK_FALSE(closed.sent());
    CHECK_FALSE(closed.received());
    CHECK(dynamic_cast<const ConnectionClosedError*>(&closed) != nullptr);
  }
}

TEST_CASE("The message of ConnectionClosed tells who closed first, and with what") {
  ClosingHandshake closing;
  static_cast<void>(closing.on_received(1001, "going"));
  static_cast<void>(closing.on_sent(1001, ""));
  CHECK(std::string(ConnectionClosedOK(closing).what()) ==
        "the websocket is closed: 1001 (going) received, 1001 sent");
  ClosingHandshake ours;
  static_cast<void>(ours.on_sent(1011, ""));
  CHECK(std::string(ConnectionClosedError(ours).what()) ==
        "the websocket is closed: 1011 sent, no close frame received");
}

TEST_CASE("WebsocketClosed is no std::exception and carries its cause") {
  CHECK_FALSE(std::is_base_of_v<std::exception, WebsocketClosed>);
  CHECK(WebsocketClosed().cause() == nullptr);
  const WebsocketClosed closed(std::make_exception_ptr(Error("why")));
  CHECK_THROWS_WITH(std::rethrow_exception(closed.cause()), "why");
}

}  // namespace
}  // namespace aiopyr::websocket

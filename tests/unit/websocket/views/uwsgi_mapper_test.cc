#include <catch2/catch.hpp>

#include "tests/unit/support/fake_uwsgi_engine.h"
#include "tests/unit/support/test_app.h"
#include <aiopyr/websocket/views/connection_view.h>
#include <aiopyr/websocket/views/middleware.h>
#include <aiopyr/websocket/views/uwsgi_mapper.h>

namespace aiopyr::websocket::testing {
namespace {

Task<> greet(Websocket& ws) { co_await ws.send("hello"); }

Task<> fail(Websocket& ws) {
  co_await ws.send("hello");
  throw std::runtime_error("it broke");
}

Task<> answer_kind(Websocket& ws) {
  const auto message = co_await ws.recv();
  co_await ws.send(message->is_text() ? "str" : "bytes");
}

struct EchoOnce : WebsocketConnectionView {
  using WebsocketConnectionView::WebsocketConnectionView;
  Task<> on_message(Message message) override {
    co_await send(message);
    co_await ws().close();
  }
};

struct UwsgiApp : TestApp {
  template <class View>
  explicit UwsgiApp(View view, UWSGIWebsocketOptions options = {}) {
    config.add_route("ws", "/ws");
    config.add_view(view, {.route_name = "ws", .mapper = UWSGIWebsocketMapper{options}});
  }
  Response open(MapEnviron::Variables more = {}) {
    UwsgiEngineEnviron environ(&engine, std::move(more));
    return send(environ);
  }
  FakeUwsgiEngine engine;
};

TEST_CASE("A websocket of uWSGI ends with WebsocketClosed, without a cause where all went well") {
  UwsgiApp app(greet);
  try {
    app.open();
    FAIL("nothing was thrown");
  } catch (const WebsocketClosed& closed) {
    CHECK(closed.cause() == nullptr);
  }
  CHECK(app.engine.log == Events{"handshake:", "text:hello", "close:1000:"});
  CHECK(app.log.empty());
}

TEST_CASE("The view's exception is the cause of WebsocketClosed") {
  UwsgiApp app(fail);
  try {
    app.open();
    FAIL("nothing was thrown");
  } catch (const WebsocketClosed& closed) {
    CHECK_THROWS_WITH(std::rethrow_exception(closed.cause()), "it broke");
  }
  CHECK(app.engine.log == Events{"handshake:", "text:hello", "close:1011:"});
}

TEST_CASE("A refused handshake is an ordinary response, and the engine is not used") {
  UwsgiApp app(greet);
  CHECK(app.open({{"HTTP_SEC_WEBSOCKET_VERSION", "7"}}).status_code() == 426);
  CHECK(app.open({{"HTTP_ORIGIN", "http://evil.example"}}).status_code() == 403);
  CHECK(app.engine.log.empty());
}

TEST_CASE("A server without an engine of its own is answered with 501") {
  UwsgiApp app(greet);
  UwsgiEngineEnviron environ(nullptr);
  CHECK(app.send(environ).status_code() == 501);
}

TEST_CASE("A client that leaves during the handshake is ClientDisconnected") {
  UwsgiApp app(greet);
  app.engine.gone = true;
  CHECK_THROWS_AS(app.open(), ClientDisconnected);
}

TEST_CASE("The engine is given the one subprotocol that was chosen") {
  UwsgiApp app(greet, {.subprotocols = {"b", "a"}});
  CHECK_THROWS_AS(app.open({{"HTTP_SEC_WEBSOCKET_PROTOCOL", "a, b"}}), WebsocketClosed);
  CHECK(app.engine.log.at(0) == "handshake:b");
}

TEST_CASE("use_str is on, may be switched off for one mapper, and class-wide for the others") {
  auto kind = [](UWSGIWebsocketOptions options) {
    UwsgiApp app(answer_kind, std::move(options));
    app.engine.text("x");
    CHECK_THROWS_AS(app.open(), WebsocketClosed);
    return app.engine.log.at(1);
  };
  CHECK(kind({}) == "text:str");
  CHECK(kind({.use_str = false}) == "text:bytes");
  UWSGIWebsocketMapper::use_str = false;
  CHECK(kind({}) == "text:bytes");
  CHECK(kind({.use_str = true}) == "text:str");
  UWSGIWebsocketMapper::use_str = true;
}

TEST_CASE("The close timeout and the queue of a websocket of uWSGI are its mapper's") {
  UwsgiApp app([](Websocket& ws) -> Task<> { co_await ws.close(); }, {.close_timeout = 3});
  app.engine.answers_close = false;
  const auto before = app.loop.now();
  CHECK_THROWS_AS(app.open(), WebsocketClosed);
  CHECK(app.loop.now() - before == std::chrono::seconds(3));
  CHECK_THROWS_WITH(
      UWSGIWebsocketMapper({.max_queue = 0}).map(ViewAdapter<decltype(&greet)>::adapt(greet)),
      Catch::Contains("max_queue = 0"));
}

TEST_CASE("A class view is served by the uWSGI mapper too") {
  TestApp app;
  FakeUwsgiEngine engine;
  app.config.add_route("ws", "/ws");
  app.config.add_view<EchoOnce>({.route_name = "ws", .mapper = UWSGIWebsocketMapper{}});
  engine.binary("once");
  UwsgiEngineEnviron environ(&engine);
  CHECK_THROWS_AS(app.send(environ), WebsocketClosed);
  CHECK(engine.log == Events{"handshake:", "binary:once", "close:1000:"});
}

TEST_CASE("ignore_websocket_closed swallows an end in order, and passes on one with a cause") {
  {
    UwsgiApp app(greet);
    app.handler = ignore_websocket_closed(app.config.make_app());
    CHECK_NOTHROW(app.open());
  }
  UwsgiApp app(fail);
  app.handler = ignore_websocket_closed(app.config.make_app());
  CHECK_THROWS_AS(app.open(), WebsocketClosed);
}

}  // namespace
}  // namespace aiopyr::websocket::testing

#include <catch2/catch.hpp>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/config/app.h>
#include <aiopyr/websocket/testing/test_client.h>
#include <aiopyr/websocket/views/defaults.h>
#include <aiopyr/websocket/views/function_view.h>
#include <aiopyr/websocket/views/mapper.h>
#include <aiopyr/websocket/views/uwsgi_mapper.h>

namespace aiopyr {
namespace {

using testing::TestClient;

Task<> tell_kind(Websocket& ws) {
  while (const auto message = co_await ws.recv()) {
    co_await ws.send(message->is_text() ? "text" : "bytes");
  }
}

void usual_app(Configurator& config) {
  config.add_route("ws", "/ws");
  config.add_view(tell_kind, {.route_name = "ws", .mapper = WebsocketMapper{}});
  config.add_route("uwsgi", "/uwsgi");
  config.add_view(tell_kind, {.route_name = "uwsgi", .mapper = UWSGIWebsocketMapper{}});
}

void bytes_app(Configurator& config) {
  WebsocketMapper::use_bytes = true;
  usual_app(config);
  // Setting it after the views are added is early enough.
  UWSGIWebsocketMapper::use_str = false;
  WebsocketMapper::max_size = 10;
}

std::string kind_in(TestClient& client, const char* url) {
  auto ws = client.websocket(url);
  ws.send("text");
  return ws.receive_text();
}

TEST_CASE("What an app sets for the mappers' classes holds for that app and for no other") {
  TestClient before(usual_app);
  TestClient bytes(bytes_app);
  TestClient after(usual_app);
  for (const char* url : {"/ws", "/uwsgi"}) {
    CHECK(kind_in(before, url) == "text");
    CHECK(kind_in(bytes, url) == "bytes");
    CHECK(kind_in(after, url) == "text");
  }
  CHECK_FALSE(WebsocketMapper::use_bytes);
  CHECK(UWSGIWebsocketMapper::use_str);
  CHECK(WebsocketMapper::max_size == websocket::kDefaultMaxMessageSize);
  CHECK(websocket::defaults_of(bytes.registry()).max_size == 10);
  CHECK(websocket::defaults_of(after.registry()).max_size == websocket::kDefaultMaxMessageSize);
}

TEST_CASE("Apps that are loaded into a server have values of their own too") {
  static constexpr AppEntry kEntry = {kAppMagic, abi_fingerprint(), [](Configurator& config) {
                                        return detail::make_handler(bytes_app, config);
                                      }};
  const auto app = make_application(kEntry, {});
  CHECK(websocket::defaults_of(*app.registry).use_bytes);
  CHECK_FALSE(WebsocketMapper::use_bytes);
}

TEST_CASE("An app whose configuration fails leaves nothing behind") {
  CHECK_THROWS_AS(TestClient([](Configurator&) {
                    WebsocketMapper::origins = "*";
                    throw Error("broken");
                  }),
                  Error);
  CHECK(WebsocketMapper::origins.empty());
}

TEST_CASE("What is set outside of apps holds for those that have set nothing of their own") {
  TestClient usual(usual_app);
  TestClient bytes(bytes_app);
  WebsocketMapper::max_size = 5;
  CHECK(websocket::defaults_of(usual.registry()).max_size == 5);
  CHECK(websocket::defaults_of(bytes.registry()).max_size == 10);
  WebsocketMapper::max_size = websocket::kDefaultMaxMessageSize;
}

}  // namespace
}  // namespace aiopyr

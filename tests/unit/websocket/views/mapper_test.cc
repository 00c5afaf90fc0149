#include <catch2/catch.hpp>

#include "tests/unit/support/deflate_samples.h"
#include "tests/unit/support/peer.h"
#include "tests/unit/support/test_app.h"
#include <aiopyr/runtime/async/waits/event.h>
#include <aiopyr/runtime/async/waits/stopping.h>
#include <aiopyr/runtime/web/views/view_mapper.h>
#include <aiopyr/websocket/session/fragmented_send.h>
#include <aiopyr/websocket/topics/topics.h>
#include <aiopyr/websocket/views/connection_view.h>
#include <aiopyr/websocket/views/mapper.h>

namespace aiopyr::websocket::testing {
namespace {

using namespace std::chrono_literals;

Task<> type_of(Websocket& ws) {
  while (auto message = co_await ws.recv()) {
    co_await ws.send(message->is_text() ? "str" : "bytes");
  }
}

struct EchoView : WebsocketConnectionView {
  using WebsocketConnectionView::WebsocketConnectionView;
  Task<> on_message(Message message) override { co_await send(message); }
};

struct Refusing : EchoView {
  Refusing(Resource& context, const HandshakeInfo& request) : EchoView(context, request) {
    throw HTTPForbidden("not you");
  }
};

Response plain(Request&) { return Response("plain"); }

const MapEnviron::Variables kUpgrade{{"HTTP_UPGRADE", "websocket"},
                                     {"HTTP_CONNECTION", "keep-alive, Upgrade"},
                                     {"HTTP_SEC_WEBSOCKET_KEY", "dGhlIHNhbXBsZSBub25jZQ=="},
                                     {"HTTP_SEC_WEBSOCKET_VERSION", "13"},
                                     {"HTTP_HOST", "example.com"},
                                     {"SERVER_PROTOCOL", "HTTP/1.1"}};

MapEnviron::Variables upgrade(MapEnviron::Variables more) {
  more.insert(kUpgrade.begin(), kUpgrade.end());
  return more;
}

/// An app with one websocket route, and a client that may connect to it.
struct WebsocketApp : TestApp {
  template <class View>
  void serve(View view, MapperRef mapper) {
    config.add_route("ws", "/ws/{room}");
    config.add_view(std::move(view), {.route_name = "ws", .mapper = std::move(mapper)});
  }
  Response open(MapEnviron::Variables more = {}) {
    return get("/ws/blue", upgrade(std::move(more)));
  }

  /// Passes on the stream of an accepted handshake, as the server does.
  std::unique_ptr<Peer> connect(MapEnviron::Variables more = {}, std::string leftover = {}) {
    const auto response = open(std::move(more));
    if (!response.on_upgrade) return nullptr;
    const auto fds = make_socketpair();
    response.on_upgrade(std::make_unique<SocketTransport>(fds[0]), std::move(leftover));
    turns();
    return std::make_unique<Peer>(fds[1]);
  }
  void turns() {
    for (int i = 0; i < 5; ++i) loop.run_once(false);
  }
};

TEST_CASE("A handshake is answered with 101 and the key's digest, and the stream is taken over") {
  WebsocketApp app;
  app.serve(echo, WebsocketMapper{});
  const auto response = app.open();
  CHECK(response.status_code() == 101);
  CHECK(response.headers().get("Sec-WebSocket-Accept") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  CHECK(response.headers().get("Upgrade") == "websocket");
  CHECK_FALSE(response.headers().contains("Content-Type"));
  CHECK_FALSE(response.headers().contains("Sec-WebSocket-Protocol"));
  const auto peer = app.connect({}, frame(0x81, "early"));
  peer->text("late");
  app.turns();
  CHECK(peer->events() == Events{"text:early", "text:late"});
}

TEST_CASE("A handshake that was accepted and then abandoned leaves nothing behind") {
  WebsocketApp app;
  app.serve(echo, WebsocketMapper{});
  CHECK(app.open().status_code() == 101);
  CHECK(Connections::of_this_thread().count() == 0);
}

TEST_CASE("A refusal is an ordinary response with its status and headers") {
  WebsocketApp app;
  app.serve(echo, WebsocketMapper{});
  const auto no_upgrade = app.get("/ws/blue");
  CHECK(no_upgrade.status_code() == 426);
  CHECK(no_upgrade.headers().get("Upgrade") == "websocket");
  CHECK_FALSE(no_upgrade.on_upgrade);
  const auto version = app.open({{"HTTP_SEC_WEBSOCKET_VERSION", "8"}});
  CHECK(version.status_code() == 426);
  CHECK(version.headers().get("Sec-WebSocket-Version") == "13");
  CHECK(app.open({{"HTTP_SEC_WEBSOCKET_KEY", "short"}}).status_code() == 400);
  CHECK(app.open({{"CONTENT_LENGTH", "14"}}).status_code() == 400);
  CHECK(app.open({{"CONTENT_LENGTH", "x"}}).status_code() == 400);
  CHECK(app.open({{"HTTP_TRANSFER_ENCODING", "chunked"}}).status_code() == 400);
  CHECK(app.open({{"CONTENT_LENGTH", "0"}}).status_code() == 101);
  CHECK(app.open({{"CONTENT_LENGTH", ""}}).status_code() == 101);
  const auto method = app.request("POST", "/ws/blue", kUpgrade);
  CHECK(method.status_code() == 405);
  CHECK(method.headers().get("Allow") == "GET");
  CHECK(app.get("/elsewhere", kUpgrade).status_code() == 404);
}

TEST_CASE("Pages of other origins are refused unless the mapper lets them in") {
  const MapEnviron::Variables foreign{{"HTTP_ORIGIN", "https://evil.example"}};
  {
    WebsocketApp app;
    app.serve(echo, WebsocketMapper{});
    CHECK(app.open(foreign).status_code() == 403);
    CHECK(app.open({{"HTTP_ORIGIN", "http://example.com"}}).status_code() == 101);
    // TLS that ends at a proxy looks like http here.
    CHECK(app.open({{"HTTP_ORIGIN", "https://example.com"}}).status_code() == 101);
  }
  {
    WebsocketApp app;
    app.serve(echo, WebsocketMapper{{.origins = "self https://evil.example"}});
    CHECK(app.open(foreign).status_code() == 101);
  }
  WebsocketApp app;
  app.serve(echo, WebsocketMapper{});
  WebsocketMapper::origins = "*";
  CHECK(app.open(foreign).status_code() == 101);
  WebsocketMapper::origins.clear();
}

TEST_CASE("The view's best subprotocol is chosen, and the view is told") {
  WebsocketApp app;
  app.serve([](Websocket& ws) -> Task<> { co_await ws.send(ws.subprotocol()); },
            WebsocketMapper{{.subprotocols = {"v2", "v1"}}});
  const MapEnviron::Variables offer{{"HTTP_SEC_WEBSOCKET_PROTOCOL", "v1, v2, v3"}};
  CHECK(app.open(offer).headers().get("Sec-WebSocket-Protocol") == "v2");
  CHECK(app.connect(offer)->events().at(0) == "text:v2");
}

TEST_CASE("use_bytes holds for one mapper, and class-wide for those that were not told") {
  auto answer_of = [](MapperRef mapper) {
    WebsocketApp app;
    app.serve(type_of, std::move(mapper));
    const auto peer = app.connect();
    peer->text("x");
    app.turns();
    return peer->events().at(0);
  };
  CHECK(answer_of(WebsocketMapper{}) == "text:str");
  CHECK(answer_of(WebsocketMapper{{.use_bytes = true}}) == "text:bytes");
  WebsocketMapper::use_bytes = true;
  CHECK(answer_of(WebsocketMapper{}) == "text:bytes");
  CHECK(answer_of(WebsocketMapper{{.use_bytes = false}}) == "text:str");
  WebsocketMapper::use_bytes = false;
}

TEST_CASE("The size limit is the mapper's, else the class-wide one") {
  WebsocketApp app;
  app.serve(echo, WebsocketMapper{{.max_size = 10}});
  const auto peer = app.connect();
  peer->text("0123456789");
  peer->text("0123456789a");
  app.turns();
  const auto events = peer->events();
  REQUIRE(events.size() == 2);
  CHECK(events[1].substr(0, 10) == "close:1009");
}

TEST_CASE("A view knows after the 101 what the request was") {
  WebsocketApp app;
  app.serve(
      [](Websocket& ws) -> Task<> {
        const auto& request = ws.request();
        co_await ws.send(request.matchdict()["room"]);
        co_await ws.send(request.query().get<std::string>("q", ""));
        co_await ws.send(request.cookies().at("session"));
        co_await ws.send(request.header("user-agent"));
        co_await ws.send(request.path_info());
        co_await ws.send(request.host());
        co_await ws.send(request.matched_route());
        co_await ws.send(request.remote_addr());
        co_await ws.send(request.remote_port());
        co_await ws.send(request.header("Sec-WebSocket-Key").data() == nullptr ? "gone" : "kept");
      },
      WebsocketMapper{});
  const auto peer = app.connect({{"QUERY_STRING", "q=a+b"},
                                 {"HTTP_COOKIE", "session=s1"},
                                 {"HTTP_USER_AGENT", "Test/1"},
                                 {"REMOTE_ADDR", "10.0.0.1"},
                                 {"REMOTE_PORT", "4711"}});
  CHECK(peer->events() == Events{"text:blue", "text:a b", "text:s1", "text:Test/1", "text:/ws/blue",
                                 "text:example.com", "text:ws", "text:10.0.0.1", "text:4711",
                                 "text:gone", "close:1000:"});
}

TEST_CASE("The root that a factory made for the request lives as long as the websocket") {
  struct Root : Resource {};
  std::weak_ptr<Resource> alive;
  WebsocketApp app;
  app.config.set_root_factory([&](Request&) {
    auto root = std::make_shared<Root>();
    alive = root;
    return root;
  });
  app.serve([](Root&, Websocket& ws) -> Task<> { static_cast<void>(co_await ws.recv()); },
            WebsocketMapper{});
  const auto peer = app.connect();
  CHECK_FALSE(alive.expired());
  peer->vanish();
  app.turns();
  CHECK(alive.expired());
}

TEST_CASE("A class view is served, and its constructor may refuse the handshake") {
  WebsocketApp app;
  app.config.add_route("echo", "/echo");
  app.config.add_route("refuse", "/refuse");
  app.config.add_view<EchoView>({.route_name = "echo", .mapper = WebsocketMapper{}});
  app.config.add_view<Refusing>({.route_name = "refuse", .mapper = WebsocketMapper{}});
  CHECK(app.get("/echo", kUpgrade).status_code() == 101);
  CHECK(app.get("/refuse", kUpgrade).status_code() == 403);
}

TEST_CASE("A websocket view needs a websocket mapper, and that one a websocket view") {
  {
    WebsocketApp app;
    const auto error = configuration_error_of([&] {
      app.serve(echo, CoroutineMapper{});
      app.config.commit();
    });
    CHECK(error.find("WebsocketMapper") != std::string::npos);
  }
  WebsocketApp app;
  const auto error = configuration_error_of([&] {
    app.serve(plain, WebsocketMapper{});
    app.config.commit();
  });
  CHECK(error.find("is not a websocket view") != std::string::npos);
}

TEST_CASE("The limits of one view are those that its mapper was given") {
  WebsocketApp app;
  app.serve(echo, WebsocketMapper{{.ping_interval = 3, .ping_timeout = 2}});
  auto peer = app.connect();
  REQUIRE(peer);
  app.loop.advance(3s);
  app.turns();
  CHECK(peer->events() == Events{"ping:1"});
  app.loop.advance(2s);
  app.turns();
  CHECK(peer->events() == Events{"close:1011:keepalive ping timeout"});
}

TEST_CASE("The class-wide keepalive holds for views that were not told otherwise") {
  WebsocketApp app;
  app.serve(echo, WebsocketMapper{});
  WebsocketMapper::ping_interval = 7;
  auto peer = app.connect();
  WebsocketMapper::ping_interval = 20;
  REQUIRE(peer);
  app.loop.advance(7s);
  app.turns();
  CHECK(peer->events() == Events{"ping:1"});
}

TEST_CASE("A queue without room is a ConfigurationError") {
  WebsocketApp app;
  const auto error = configuration_error_of([&] {
    app.serve(echo, WebsocketMapper{{.max_queue = 0}});
    app.config.commit();
  });
  CHECK(error.find("max_queue = 0") != std::string::npos);
}

TEST_CASE("A worker that is to end refuses handshakes with 503, and views can see it coming") {
  WebsocketApp app;
  bool told = false;
  app.serve(
      [&](Websocket&) -> Task<> {
        co_await stopping().wait();
        told = true;
      },
      WebsocketMapper{});
  const auto peer = app.connect();
  CHECK_FALSE(told);
  stopping().set();
  app.turns();
  CHECK(told);
  CHECK(peer->events() == Events{"close:1000:"});
  CHECK(app.open().status_code() == 503);
}

// Compression.

const MapEnviron::Variables kOffer{{"HTTP_SEC_WEBSOCKET_EXTENSIONS", "permessage-deflate"}};
const std::string kRepeated(1000, 'x');

void deflate_text(Peer& peer, std::string_view message) {
  peer.send(frame(0xC1, deflated(message)));
}

TEST_CASE("A view that compresses does so in both directions, for clients that offer it") {
  WebsocketApp app;
  app.serve(echo, WebsocketMapper{{.compression = PermessageDeflate{}}});
  CHECK(app.open(kOffer).headers().get("Sec-WebSocket-Extensions") ==
        "permessage-deflate; server_max_window_bits=12");
  CHECK_FALSE(app.open().headers().contains("Sec-WebSocket-Extensions"));
  const auto peer = app.connect(kOffer);
  deflate_text(*peer, kRepeated);
  peer->text(kRepeated);
  peer->text("short");
  app.turns();
  CHECK(peer->events() == Events{"text/64:" + kRepeated, "text/64:" + kRepeated, "text:short"});
  const auto plain = app.connect();
  plain->text(kRepeated);
  deflate_text(*plain, kRepeated);
  app.turns();
  CHECK(plain->events() == Events{"text:" + kRepeated, "close:1002:reserved bits are set"});
}

TEST_CASE("A view that does not compress answers no offer") {
  WebsocketApp app;
  app.serve(echo, WebsocketMapper{});
  CHECK_FALSE(app.open(kOffer).headers().contains("Sec-WebSocket-Extensions"));
}

TEST_CASE("Compression is declined for clients that the view's options decline") {
  int asked = 0;
  WebsocketApp app;
  app.serve(echo, WebsocketMapper{{.compression = PermessageDeflate{},
                                   .compress_for = [&asked](Request& request) {
                                     ++asked;
                                     return request.header("User-Agent") != "broken";
                                   }}});
  auto broken = kOffer;
  broken["HTTP_USER_AGENT"] = "broken";
  const auto declined = app.open(broken);
  CHECK(declined.status_code() == 101);
  CHECK_FALSE(declined.headers().contains("Sec-WebSocket-Extensions"));
  CHECK(app.open(kOffer).headers().contains("Sec-WebSocket-Extensions"));
  CHECK(asked == 2);
  app.open();
  CHECK(asked == 2);
  const auto peer = app.connect(broken);
  peer->text(kRepeated);
  app.turns();
  CHECK(peer->events() == Events{"text:" + kRepeated});
}

TEST_CASE("To decline compression that nobody offers stops the start") {
  WebsocketApp app;
  app.serve(echo, WebsocketMapper{{.compress_for = [](Request&) { return false; }}});
  const auto error = configuration_error_of([&] { app.config.commit(); });
  CHECK(error.find("set compression") != std::string::npos);
}

TEST_CASE("A view knows what was agreed on") {
  WebsocketApp app;
  app.serve([](Websocket& ws) -> Task<> { co_await ws.send(ws.extensions()); },
            WebsocketMapper{{.compression = PermessageDeflate{.server_max_window_bits = 15}}});
  CHECK(app.connect(kOffer)->events().front() == "text:permessage-deflate");
  CHECK(app.connect()->events().front() == "text:");
}

TEST_CASE("Compressed messages of every size come back compressed") {
  WebsocketApp app;
  app.serve(echo, WebsocketMapper{{.compression = PermessageDeflate{.min_size = 0}}});
  const auto peer = app.connect(kOffer);
  for (const std::size_t size : {0U, 1U, 16383U, 16384U, 100'000U}) {
    const auto message = noise(size);
    peer->send(frame(0xC2, deflated(message)));
    Events events;
    for (int turn = 0; turn < 20 && events.empty(); ++turn) {
      app.turns();
      events = peer->events();
    }
    CHECK((events == Events{"binary/64:" + message}));
  }
}

TEST_CASE("Own, published and fragmented messages keep the windows of both sides in step") {
  const auto topics = std::make_shared<Topics>();
  WebsocketApp app;
  app.serve(
      [topics](Websocket& ws) -> Task<> {
        topics->subscribe(ws, "all");
        while (const auto message = co_await ws.recv()) {
          co_await ws.send(*message);
          co_await topics->publish("all", Message("all " + message->str()));
          std::vector<std::string> pieces{"in ", "pieces ", message->str()};
          co_await ws.send_fragments(MessageKind::kText, std::move(pieces));
        }
      },
      WebsocketMapper{{.compression = PermessageDeflate{}}});
  const auto peer = app.connect(kOffer);
  const auto plain = app.connect();
  for (int turn = 0; turn < 3; ++turn) {
    const std::string message = std::to_string(turn) + kRepeated;
    deflate_text(*peer, message);
    app.turns();
    CHECK(peer->events() ==
          Events{"text/64:" + message, "text/64:all " + message, "text/64:in pieces " + message});
    CHECK(plain->events() == Events{"text:all " + message});
  }
}

TEST_CASE("What is too long once it is inflated is closed with 1009") {
  WebsocketApp app;
  app.serve(echo, WebsocketMapper{{.max_size = 1000, .compression = PermessageDeflate{}}});
  const auto peer = app.connect(kOffer);
  deflate_text(*peer, kRepeated);
  deflate_text(*peer, kRepeated + "x");
  app.turns();
  CHECK(peer->events() ==
        Events{"text/64:" + kRepeated, "close:1009:message is over the size limit"});
}

TEST_CASE("Settings of compression that do not exist stop the start") {
  WebsocketApp app;
  app.serve(echo, WebsocketMapper{{.compression = PermessageDeflate{.level = 10}}});
  const auto error = configuration_error_of([&] { app.config.commit(); });
  CHECK(error.find("level is not 0 to 9") != std::string::npos);
}

}  // namespace
}  // namespace aiopyr::websocket::testing

#include <catch2/catch.hpp>

#include "tests/unit/support/peer.h"
#include <aiopyr/runtime/async/waits/sleep.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/websocket/views/connection_view.h>

namespace aiopyr::websocket::testing {
namespace {

std::vector<std::string> steps;

struct Noting : WebsocketConnectionView {
  using WebsocketConnectionView::WebsocketConnectionView;
  ~Noting() override { steps.emplace_back("destroyed"); }

  Task<> on_open() override {
    steps.emplace_back("open");
    co_await send("hello");
  }
  Task<> on_message(Message message) override {
    steps.push_back("begin " + message.str());
    co_await sleep(0);
    steps.push_back("end " + message.str());
    if (message.str() == "throw") throw std::runtime_error("in on_message");
    co_await send(message);
  }
  Task<> on_close(std::uint16_t, std::string_view) override {
    steps.push_back("close " + std::to_string(ws().close_code()));
    co_await sleep(0);
  }
};

struct ThrowsTwice : Noting {
  using Noting::Noting;
  Task<> on_open() override { throw std::runtime_error("in on_open"); }
  Task<> on_close(std::uint16_t, std::string_view) override {
    steps.emplace_back("close");
    throw std::runtime_error("in on_close");
    co_return;
  }
};

struct Pond : Resource {
  int frogs = 3;
};
struct Frogs : WebsocketConnectionView {
  Frogs(Pond& pond, const HandshakeInfo& request)
      : WebsocketConnectionView(pond, request), pond_(pond) {}
  Task<> on_message(Message) override { co_await send(std::to_string(pond_.frogs)); }
  Pond& pond_;
};

template <class C>
std::unique_ptr<WebsocketHandler> make(Resource& context) {
  static const HandshakeInfo kInfo;
  const auto view = ViewAdapter<ViewClass<C>>::adapt({});
  return std::any_cast<const WebsocketHandlerFactory&>(view.other)(&context, kInfo);
}

/// Like Line, with a class view.
struct ClassLine : LoopWithLog {
  explicit ClassLine(std::unique_ptr<WebsocketHandler> handler) {
    steps.clear();
    connection = Connection::open({.transport = std::make_unique<SocketTransport>(fds[0]),
                                   .endpoint = std::make_shared<const Endpoint>(),
                                   .handler = std::move(handler)});
    turns();
  }
  std::array<int, 2> fds = make_socketpair();
  Peer peer{fds[1]};
  std::weak_ptr<Connection> connection;
};

Resource any_root;

TEST_CASE("A class view gets on_open once, messages in order, and on_close once") {
  ClassLine line(make<Noting>(any_root));
  line.peer.text("1");
  line.peer.text("2");
  line.turns(8);
  line.peer.close(1001);
  line.turns(8);
  CHECK(steps == std::vector<std::string>{"open", "begin 1", "end 1", "begin 2", "end 2",
                                          "close 1001", "destroyed"});
  CHECK(line.peer.events() == Events{"text:hello", "text:1", "text:2", "close:1001:"});
  CHECK(line.log.empty());
}

TEST_CASE("on_close is called when on_message has thrown, and the connection closes with 1011") {
  ClassLine line(make<Noting>(any_root));
  line.peer.text("throw");
  line.turns(8);
  CHECK(steps ==
        std::vector<std::string>{"open", "begin throw", "end throw", "close 1006", "destroyed"});
  CHECK(line.peer.events() == Events{"text:hello", "close:1011:"});
  REQUIRE(line.log.size() == 1);
  CHECK(line.log[0].find("in on_message") != std::string::npos);
}

TEST_CASE("on_close is called when the peer vanishes") {
  ClassLine line(make<Noting>(any_root));
  line.peer.vanish();
  line.turns(8);
  CHECK(steps == std::vector<std::string>{"open", "close 1006", "destroyed"});
}

TEST_CASE("on_close is called when nobody waits for the peer any more") {
  ClassLine line(make<Noting>(any_root));
  SECTION("of a connection that is open") { line.connection.lock()->give_up(); }
  SECTION("of one whose close frame the peer does not answer") {
    static_cast<void>(line.connection.lock()->close(1012));
    line.turns(2);
    line.connection.lock()->give_up();
  }
  line.turns(8);
  CHECK(steps == std::vector<std::string>{"open", "close 1006", "destroyed"});
  CHECK(line.connection.expired());
}

TEST_CASE("Of two failures the first one ends the view, and the other is not lost") {
  ClassLine line(make<ThrowsTwice>(any_root));
  line.turns();
  CHECK(steps == std::vector<std::string>{"close", "destroyed"});
  REQUIRE(line.log.size() == 2);
  CHECK(line.log[0].find("in on_close") != std::string::npos);
  CHECK(line.log[1].find("in on_open") != std::string::npos);
}

TEST_CASE("A class view may declare its context, and another one is not found") {
  Pond pond;
  ClassLine line(make<Frogs>(pond));
  line.peer.text("how many?");
  line.turns();
  CHECK(line.peer.events() == Events{"text:3"});
  CHECK_THROWS_AS(make<Frogs>(any_root), HTTPNotFound);
}

TEST_CASE("A function view may declare its context, and another one is not found") {
  const auto view = ViewAdapter<Task<> (*)(Pond&, Websocket&)>::adapt(
      +[](Pond& pond, Websocket& ws) -> Task<> { co_await ws.send(std::to_string(pond.frogs)); });
  const auto& factory = std::any_cast<const WebsocketHandlerFactory&>(view.other);
  Pond pond;
  ClassLine line(factory(&pond, HandshakeInfo()));
  CHECK(line.peer.events().at(0) == "text:3");
  CHECK_THROWS_AS(factory(&any_root, HandshakeInfo()), HTTPNotFound);
}

}  // namespace
}  // namespace aiopyr::websocket::testing

#include <fstream>

#include <catch2/catch.hpp>

#include "tests/unit/support/temporary_folder.h"
#include <aiopyr/runtime/async/executor/executor.h>
#include <aiopyr/runtime/async/waits/sleep.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/websocket/testing/test_client.h>
#include <aiopyr/websocket/views/connection_view.h>
#include <aiopyr/websocket/views/mapper.h>
#include <aiopyr/websocket/views/middleware.h>
#include <aiopyr/websocket/views/uwsgi_mapper.h>

using namespace aiopyr;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using testing::TestClient;
using testing::TestWebsocket;

namespace {

Task<Json> echo_request(Request& request) {
  co_await sleep(3600.0);
  Json cookies = Json::object();
  for (const auto& [name, value] : request.cookies()) cookies[name] = value;
  Json files = Json::object();
  for (const FileField& file : request.files()) files[file.filename] = file.bytes;
  co_return Json{{"method", request.method()},
                 {"url", request.url()},
                 {"kind", request.header("X-Kind")},
                 {"body", request.text()},
                 {"post", url_encode(request.POST())},
                 {"files", files},
                 {"cookies", cookies}};
}

Response login(Request& request) {
  Response response = HTTPSeeOther(request.script_name().empty() ? "echo" : "/app/echo");
  response.set_cookie("user", "ann");
  return response;
}

Response logout(Request&) {
  Response response = HTTPTemporaryRedirect("echo");
  response.delete_cookie("user");
  return response;
}

Task<> echo(Websocket& ws) {
  while (auto message = co_await ws.recv()) {
    if (message->view() == "fail") throw std::runtime_error("as asked");
    if (message->view() == "bye") {
      co_await ws.close(3001, "so long");
      co_return;
    }
    co_await ws.send(*message);
  }
}

Task<> slow(Websocket& ws) {
  co_await sleep(5.0);
  co_await ws.send("at last");
  co_await sleep(60.0);
}

std::vector<std::string> noted;

struct Noting : WebsocketConnectionView {
  using WebsocketConnectionView::WebsocketConnectionView;
  Task<> on_open() override {
    const std::string who = request().params()["who"];
    co_await send(who);
  }
  Task<> on_message(Message message) override {
    noted.push_back(message.str());
    co_return;
  }
  Task<> on_close(std::uint16_t, std::string_view) override {
    noted.emplace_back("closed");
    co_return;
  }
};

void app(Configurator& config) {
  config.add_route("echo", "/echo");
  config.add_view(echo_request, {.route_name = "echo", .renderer = "json"});
  config.add_route("login", "/login");
  config.add_view(login, {.route_name = "login"});
  config.add_route("logout", "/logout");
  config.add_view(logout, {.route_name = "logout"});
  config.add_route("loop", "/loop");
  config.add_view([](Request&) -> Response { return HTTPFound("/loop"); }, {.route_name = "loop"});
  config.add_route("away", "/away");
  config.add_view([](Request&) -> Response { return HTTPFound("http://other.example/"); },
                  {.route_name = "away"});
  config.add_route("fail", "/fail");
  config.add_view([](Request&) -> Response { throw std::runtime_error("as asked"); },
                  {.route_name = "fail"});
  config.add_route("file", "/file");
  config.add_view([](Request& request) { return Response::file(request.settings().at("file")); },
                  {.route_name = "file"});
  config.add_route("ws", "/ws");
  config.add_view(echo, {.route_name = "ws", .mapper = WebsocketMapper{{.subprotocols = {"b"}}}});
  config.add_route("uwsgi", "/uwsgi");
  config.add_view(echo,
                  {.route_name = "uwsgi", .mapper = UWSGIWebsocketMapper{{.subprotocols = {"b"}}}});
  config.add_route("slow", "/slow");
  config.add_view(slow, {.route_name = "slow", .mapper = WebsocketMapper{}});
  config.add_route("noting", "/noting");
  config.add_view<Noting>({.route_name = "noting", .mapper = WebsocketMapper{}});
}

}  // namespace

TEST_CASE("a client sends what it is told, through the whole app") {
  TestClient client(app);
  client.headers.set("X-Kind", "all");
  const auto response = client.get("/echo?a=1", {.params = {{"b", "2 3"}}});
  CHECK(response.code() == 200);
  CHECK(response.content_type() == "application/json");
  CHECK(response.json()["url"] == "http://localhost/echo?a=1&b=2+3");
  CHECK(response.json()["kind"] == "all");
  CHECK(client.get("/echo", {.headers = {{"X-Kind", "one"}}}).json()["kind"] == "one");
  CHECK(client.head("/echo").body().empty());
  CHECK(client.get("/nowhere").code() == 404);
}

TEST_CASE("a client posts forms, JSON, files and bytes") {
  TestClient client(app);
  CHECK(client.post("/echo", {.post = MultiDict{{"a", "1"}}}).json()["post"] == "a=1");
  CHECK(client.post_json("/echo", Json{{"n", 1}}).json()["body"] == R"({"n":1})");
  const auto uploaded = client.post("/echo", {.files = {{"f", "x.txt", "text/plain", "bytes"}}});
  CHECK(uploaded.json()["files"]["x.txt"] == "bytes");
  const auto put = client.put("/echo", {.body = "raw", .content_type = "text/plain"}).json();
  CHECK(put["method"] == "PUT");
  CHECK(put["body"] == "raw");
  CHECK(client.delete_("/echo").json()["method"] == "DELETE");
  CHECK(client.patch("/echo").json()["method"] == "PATCH");
}

TEST_CASE("a client keeps cookies until it is told to forget them") {
  TestClient client(app);
  CHECK(client.post("/login").code() == 303);
  CHECK(client.cookies.get("user") == "ann");
  CHECK(client.get("/echo").json()["cookies"]["user"] == "ann");
  client.get("/logout");
  CHECK(client.get("/echo").json()["cookies"].empty());
}

TEST_CASE("a client follows redirects where it is told to") {
  TestClient client(app);
  const auto seen = client.post("/login", {.post = MultiDict{{"a", "1"}}});
  REQUIRE(seen.is_redirect());
  const auto followed = client.follow(seen).json();
  CHECK(followed["method"] == "GET");
  CHECK(followed["post"] == "");
  CHECK(followed["cookies"]["user"] == "ann");
  const auto repeated =
      client.post("/logout", {.post = MultiDict{{"a", "1"}}, .follow_redirects = true}).json();
  CHECK(repeated["method"] == "POST");
  CHECK(repeated["post"] == "a=1");
}

TEST_CASE("a client says what is wrong with a redirect") {
  TestClient client(app);
  CHECK_THROWS_WITH(client.get("/loop", {.follow_redirects = true}), Contains("too often"));
  CHECK_THROWS_WITH(client.follow(client.get("/away")), Contains("http://other.example/"));
  CHECK_THROWS_WITH(client.follow(client.get("/echo")), Contains("no redirect: 200 OK"));
}

TEST_CASE("a client's app may be mounted below a prefix, on another host") {
  TestClient client(app, {}, {.base_url = "https://example.com/app"});
  CHECK(client.get("/echo").json()["url"] == "https://example.com/app/echo");
  const auto followed = client.get("/login", {.follow_redirects = true});
  CHECK(followed.json()["url"] == "https://example.com/app/echo");
  CHECK(client.get("https://example.com/app/echo").code() == 200);
  CHECK_THROWS_WITH(client.get("https://example.com/apple"), Contains("is not in the app"));
}

TEST_CASE("what a view throws is a 500 and in the log") {
  TestClient client(app);
  CHECK(client.get("/fail").code() == 500);
  REQUIRE(client.log().size() == 1);
  CHECK_THAT(client.log()[0], Contains("as asked"));
  CHECK_THROWS_WITH(client.get("/fail").json(), Contains("GET /fail (500"));
}

TEST_CASE("a file that is sent is in the response's body") {
  const TemporaryFolder folder;
  const std::string path = folder.path() / "x.txt";
  std::ofstream(path) << "of the file";
  TestClient client(app, {{"file", path}});
  CHECK(client.get("/file").text() == "of the file");
}

TEST_CASE("an app that makes its own handler is served with what it wraps around") {
  TestClient client([](Configurator& config) -> Handler {
    app(config);
    return ignore_websocket_closed(config.make_app());
  });
  CHECK(client.get("/echo").code() == 200);
}

TEST_CASE("an app that cannot be configured is reported where the client is made") {
  const auto broken = [](Configurator& config) { config.add_route("", "/"); };
  CHECK_THROWS_AS(TestClient(broken), ConfigurationError);
}

TEST_CASE("a client may have a clock that does not jump") {
  TestClient client(
      [](Configurator& config) {
        config.add_view([](Request&) { return Response("from a thread"); }, {});
      },
      {}, {.use_real_time = true});
  CHECK(client.get("/").text() == "from a thread");
}

TEST_CASE("a websocket echoes under both mappers") {
  const std::string url = GENERATE(std::string("/ws"), std::string("/uwsgi"));
  TestClient client(app);
  auto ws = client.websocket(url, {.subprotocols = {"a", "b"}});
  CHECK(ws.response().code() == 101);
  CHECK(ws.subprotocol() == "b");
  ws.send("hello");
  ws.send(Message::binary(std::string("\0\xFF", 2)));
  CHECK(ws.receive() == Message("hello"));
  CHECK(ws.receive() == Message::binary(std::string("\0\xFF", 2)));
  ws.send_json(Json{{"n", 1}});
  CHECK(ws.receive_json()["n"] == 1);
  ws.ping("are you there");
  ws.send("and");
  CHECK(ws.receive_text() == "and");
  CHECK(ws.pongs() == "are you there");
  ws.close();
  CHECK(ws.close_code() == 1000);
  CHECK_FALSE(ws.is_open());
  CHECK_THROWS_AS(ws.send("too late"), Error);
  CHECK(client.log().empty());
}

TEST_CASE("a message that fills every buffer comes back whole under both mappers") {
  const std::string url = GENERATE(std::string("/ws"), std::string("/uwsgi"));
  TestClient client(app);
  auto ws = client.websocket(url);
  const std::string large(1000 * 1000, 'x');
  ws.send(large);
  CHECK(ws.receive_text() == large);
  ws.close(3000, "done");
}

TEST_CASE("an app that closes is seen to, with its code, under both mappers") {
  const std::string url = GENERATE(std::string("/ws"), std::string("/uwsgi"));
  TestClient client(app);
  auto ws = client.websocket(url);
  ws.send("bye");
  CHECK(ws.receive() == std::nullopt);
  CHECK(ws.close_code() == 3001);
  CHECK(ws.close_reason() == "so long");
  CHECK_THROWS_WITH(ws.receive_text(), Contains("3001"));
}

TEST_CASE("a view that throws closes its websocket, and is in the log, under both mappers") {
  const std::string url = GENERATE(std::string("/ws"), std::string("/uwsgi"));
  TestClient client(app);
  auto ws = client.websocket(url);
  ws.send("fail");
  CHECK(ws.receive() == std::nullopt);
  CHECK(ws.close_code() == 1011);
  REQUIRE(client.log().size() == 1);
  CHECK_THAT(client.log()[0], Contains("as asked"));
}

TEST_CASE("a client waits on the app's clock, and no longer than it is told") {
  TestClient client(app);
  auto ws = client.websocket("/slow");
  CHECK_THROWS_AS(ws.receive(1s), TimeoutError);
  CHECK(ws.receive_text() == "at last");
  CHECK_THROWS_AS(ws.receive(1s), TimeoutError);
}

TEST_CASE("a view that is a class hears of all that a client does") {
  noted.clear();
  TestClient client(app);
  auto ws = client.websocket("/noting", {.params = {{"who", "ann"}}});
  CHECK(ws.receive_text() == "ann");
  ws.send("one");
  ws.close();
  CHECK(noted == std::vector<std::string>{"one", "closed"});
}

TEST_CASE("a client that vanishes is noticed") {
  noted.clear();
  TestClient client(app);
  auto ws = client.websocket("/noting", {.params = {{"who", "ann"}}});
  ws.vanish();
  CHECK(noted == std::vector<std::string>{"closed"});
  CHECK(ws.close_code() == 1006);
}

TEST_CASE("several websockets are open at a time, beside requests") {
  TestClient client(app);
  auto one = client.websocket("/ws");
  auto two = client.websocket("/uwsgi");
  one.send("1");
  two.send("2");
  CHECK(client.get("/echo").code() == 200);
  CHECK(two.receive_text() == "2");
  CHECK(one.receive_text() == "1");
}

TEST_CASE("a handshake that is refused is a response, and nothing can be sent") {
  TestClient client(app);
  auto ws = client.websocket("/ws", {.origin = "http://evil.example"});
  CHECK(ws.response().code() == 403);
  CHECK_FALSE(ws.is_open());
  CHECK_THROWS_WITH(ws.send("x"), Contains("/ws was refused: 403"));
  CHECK(client.websocket("/echo").response().code() == 200);
  CHECK(client.websocket("/nowhere").response().code() == 404);
}

TEST_CASE("a websocket that is left open ends with its client") {
  TestClient client(app);
  auto one = client.websocket("/ws");
  auto two = client.websocket("/uwsgi");
  CHECK(one.is_open());
  CHECK(two.is_open());
}

#include <chrono>
#include <string>
#include <utility>

#include <catch2/catch.hpp>

#include "examples/chat/views.h"
#include <aiopyr/testing.h>

using aiopyr::Json;
using aiopyr::Message;
using aiopyr::testing::TestClient;
using aiopyr::testing::TestWebsocket;

namespace {

/// The whole app, except its entry, with a clock that stands still.
struct App {
  TestWebsocket connect(const std::string& room = "lobby") {
    return client.websocket("/chat/" + room);
  }

  /// Connects and joins; stores the welcome in `welcome`.
  TestWebsocket join(const std::string& name, Json more = Json::object()) {
    auto ws = connect();
    more["type"] = "join";
    more["name"] = name;
    ws.send_json(more);
    welcome = ws.receive_json();
    return ws;
  }

  std::shared_ptr<chat::Chat> chat =
      std::make_shared<chat::Chat>(chat::Rooms([] { return 1'000'000; }));
  TestClient client{[chat = chat](aiopyr::Configurator& config) {
                      chat::add_layout(config);
                      chat::add_pages(config, chat);
                      chat::add_socket(config, chat);
                    },
                    {},
                    {.app_folder = "examples/chat"}};
  Json welcome;
};

void say(TestWebsocket& ws, const std::string& text) {
  ws.send_json({{"type", "message"}, {"text", text}});
}

/// Returns the code of the error with which a message is answered.
std::string refusal(TestWebsocket& ws, const Message& message) {
  ws.send(message);
  const Json answer = ws.receive_json();
  INFO(answer.dump());
  CHECK(answer["type"] == "error");
  CHECK_FALSE(answer["text"].get<std::string>().empty());
  return answer["code"];
}

std::string code_of(const Json& answer) { return answer.value("code", "none"); }

}  // namespace

TEST_CASE("Who comes in is welcomed, and announced to the others", "[examples][chat]") {
  App app;
  auto ada = app.join("Ada");
  CHECK(app.welcome ==
        Json::parse(R"({"type":"welcome","you":"Ada","people":["Ada"],"history":[]})"));
  auto bob = app.join(" Bob ");
  CHECK(app.welcome["you"] == "Bob");
  CHECK(app.welcome["people"] == Json{"Ada", "Bob"});
  CHECK(ada.receive_json() ==
        Json::parse(R"({"type":"joined","name":"Bob","people":["Ada","Bob"]})"));
  bob.close();
  CHECK(ada.receive_json() == Json::parse(R"({"type":"left","name":"Bob","people":["Ada"]})"));
}

TEST_CASE("What one says all get, once and alike, and nobody in another room", "[examples][chat]") {
  App app;
  auto ada = app.join("Ada");
  auto bob = app.join("Bob");
  static_cast<void>(ada.receive_json());
  auto other = app.connect("other");
  other.send_json({{"type", "join"}, {"name", "Ada"}});
  CHECK(other.receive_json()["people"] == Json{"Ada"});
  ada.send_json({{"type", "message"}, {"text", "  <b>hello</b>\n"}, {"ref", "r1"}});
  const auto expected =
      Json::parse(R"({"type":"message","id":1000001,"name":"Ada","text":"<b>hello</b>",)"
                  R"("at":"1970-01-01T00:16:40.000Z","ref":"r1"})");
  CHECK(ada.receive_json() == expected);
  CHECK(bob.receive_json() == expected);
  CHECK_THROWS_AS(other.receive(std::chrono::seconds(1)), aiopyr::TimeoutError);
}

TEST_CASE("A client that comes back is told what it has missed", "[examples][chat]") {
  App app;
  auto ada = app.join("Ada");
  for (const char* text : {"one", "two", "three"}) say(ada, text);
  auto bob = app.join("Bob");
  const Json history = app.welcome["history"];
  REQUIRE(history.size() == 3);
  CHECK(history[0]["text"] == "one");
  auto carl = app.join("Carl", {{"since", history[1]["id"]}});
  REQUIRE(app.welcome["history"].size() == 1);
  CHECK(app.welcome["history"][0]["text"] == "three");
  auto dora = app.join("Dora", {{"since", history[2]["id"]}});
  CHECK(app.welcome["history"].empty());
}

TEST_CASE("A name that is taken is refused; the same connection may try another one",
          "[examples][chat]") {
  App app;
  auto ada = app.join("Ada", {{"key", "secret"}});
  auto other = app.join("ADA", {{"key", "guess"}});
  CHECK(code_of(app.welcome) == "name_taken");
  other.send_json({{"type", "join"}, {"name", "Bob"}});
  CHECK(other.receive_json()["you"] == "Bob");
  CHECK(ada.receive_json()["name"] == "Bob");
}

TEST_CASE("The tabs of one person come and go without a word until the last one goes",
          "[examples][chat]") {
  App app;
  auto bob = app.join("Bob");
  auto first = app.join("Ada", {{"key", "secret"}});
  CHECK(bob.receive_json()["type"] == "joined");
  auto second = app.join("ada", {{"key", "secret"}});
  CHECK(app.welcome["you"] == "Ada");
  CHECK(app.welcome["people"] == Json{"Ada", "Bob"});
  first.vanish();
  say(second, "still here");
  CHECK(bob.receive_json()["text"] == "still here");
  second.vanish();
  CHECK(bob.receive_json()["type"] == "left");
}

TEST_CASE("A client that has gone without a word is noticed", "[examples][chat]") {
  App app;
  auto silent = app.join("Silent");
  auto bob = app.join("Bob");
  // Its end of the stream stays open, and answers no ping.
  const Json left = bob.receive_json(std::chrono::minutes(1));
  CHECK(left == Json::parse(R"({"type":"left","name":"Silent","people":["Bob"]})"));
}

TEST_CASE("What is malformed gets an error, and nothing is lost by it", "[examples][chat]") {
  App app;
  auto ada = app.join("Ada");
  for (const char* text :
       {"", "hello", "{", "[]", "3", "null", "{}", R"({"type":3})", R"({"type":null})",
        R"({"type":"message"})", R"({"type":"message","text":["x"]})",
        R"({"type":"message","text":"x","ref":3})", R"({"type":[[[[[[]]]]]]})",
        "{\"type\":\"message\",\"text\":\"\\ud800\"}"}) {
    INFO(text);
    CHECK(refusal(ada, text) == "malformed");
  }
  CHECK(refusal(ada, Message::binary(R"({"type":"ping"})")) == "malformed");
  CHECK(refusal(ada, R"({"type":"shout","text":"x"})") == "unknown_type");
  CHECK(refusal(ada, R"({"type":"join","name":"Bob"})") == "already_joined");
  say(ada, "hello");
  CHECK(ada.receive_json()["text"] == "hello");
  CHECK(app.client.log().empty());
}

TEST_CASE("Before somebody has joined, nothing can be said, and bad names are refused",
          "[examples][chat]") {
  App app;
  auto ws = app.connect();
  CHECK(refusal(ws, R"({"type":"message","text":"x"})") == "not_joined");
  CHECK(refusal(ws, R"({"type":"join"})") == "malformed");
  CHECK(refusal(ws, R"({"type":"join","name":" "})") == "bad_name");
  CHECK(refusal(ws, R"({"type":"join","name":")" + std::string(41, 'x') + "\"}") == "bad_name");
  CHECK(refusal(ws, R"({"type":"join","name":"x","since":"1"})") == "malformed");
  CHECK(refusal(ws, R"({"type":"join","name":"x","key":")" + std::string(65, 'x') + "\"}") ==
        "malformed");
  CHECK(app.chat->rooms.list().empty());
  ws.send_json({{"type", "ping"}});
  CHECK(ws.receive_json() == Json::parse(R"({"type":"pong"})"));
}

TEST_CASE("A message has 1 to 2000 characters, escaped or not", "[examples][chat]") {
  App app;
  auto ada = app.join("Ada");
  std::string longest;
  for (int i = 0; i < 2000; ++i) longest += "\xF0\x9F\x98\x80";
  say(ada, longest);
  CHECK(ada.receive_json()["text"] == longest);
  std::string escaped;
  for (int i = 0; i < 2000; ++i) escaped += "\\ud83d\\ude00";
  ada.send(R"({"type":"message","text":")" + escaped + "\"}");
  CHECK(ada.receive_json()["text"] == longest);
  ada.send_json({{"type", "message"}, {"text", longest + "x"}, {"ref", "mine"}});
  const Json error = ada.receive_json();
  CHECK(code_of(error) == "too_long");
  CHECK(error["ref"] == "mine");
  CHECK(refusal(ada, R"({"type":"message","text":" \n "})") == "empty");
}

TEST_CASE("Who sends too fast is told so, and heard again soon", "[examples][chat]") {
  App app;
  auto ada = app.join("Ada");  // this one counts
  for (int i = 1; i < 20; ++i) {
    say(ada, std::to_string(i));
    CHECK(ada.receive_json()["type"] == "message");
  }
  CHECK(refusal(ada, R"({"type":"message","text":"x"})") == "too_fast");
  CHECK_THROWS_AS(ada.receive(std::chrono::seconds(5)), aiopyr::TimeoutError);
  say(ada, "later");
  CHECK(ada.receive_json()["text"] == "later");
}

TEST_CASE("The front page lists the rooms, and its form opens one", "[examples][chat]") {
  App app;
  CHECK(app.client.get("/").text().find("None yet") != std::string::npos);
  auto ada = app.join("Ada");
  const auto page = app.client.get("/");
  CHECK(page.text().find("href=\"/room/lobby\"") != std::string::npos);
  CHECK(page.text().find("1 person") != std::string::npos);
  CHECK(page.header("Content-Security-Policy").find("script-src 'self'") != std::string::npos);
  const auto opened = app.client.get("/open?room=+kitchen+");
  CHECK(opened.code() == 303);
  CHECK(opened.location() == "/room/kitchen");
  CHECK(app.client.get("/room/kitchen").text().find("data-socket=\"/chat/kitchen\"") !=
        std::string::npos);
  for (const char* url : {"/open", "/open?room=a+b", "/open?room=%3Cb%3E"}) {
    const auto again = app.client.get(url);
    CHECK(again.code() == 400);
    CHECK(again.text().find("role=\"alert\"") != std::string::npos);
    CHECK(again.text().find("<b>") == std::string::npos);
  }
  CHECK(app.client.get("/room/a%20b").code() == 404);
  CHECK(app.client.websocket("/chat/a%20b").response().code() == 404);
}

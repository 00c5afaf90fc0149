#include <catch2/catch.hpp>

#include <aiopyr/websocket/messages/message.h>

namespace aiopyr {
namespace {

TEST_CASE("A message made of a string is a text") {
  const Message message = std::string("grüße");
  CHECK(message.is_text());
  CHECK_FALSE(message.is_binary());
  CHECK(message.str() == "grüße");
  CHECK(message.size() == 7);
  CHECK(Message("x") == Message::text("x"));
  CHECK(Message(std::string_view("x")) == Message::text("x"));
}

TEST_CASE("A binary message is told from a text of the same bytes") {
  const auto message = Message::binary("x");
  CHECK(message.is_binary());
  CHECK(message.opcode() == websocket::Opcode::kBinary);
  CHECK_FALSE(message == Message("x"));
  CHECK(message.bytes().size() == 1);
}

TEST_CASE("A text seen as bytes remembers how it came") {
  const auto message = Message("x").as_bytes();
  CHECK(message.is_binary());
  CHECK(message.opcode() == websocket::Opcode::kText);
  CHECK(message == Message::binary("x"));
}

TEST_CASE("A message is a view of its bytes, and gives its string away") {
  Message message("hello");
  const std::string_view view = message;
  CHECK(view == "hello");
  const std::string taken = std::move(message).str();
  CHECK(taken == "hello");
}

}  // namespace
}  // namespace aiopyr

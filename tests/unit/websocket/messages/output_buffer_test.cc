#include <catch2/catch.hpp>

#include <aiopyr/websocket/messages/output_buffer.h>

namespace aiopyr::websocket {
namespace {

TEST_CASE("Bytes leave an output buffer in the order in which they came") {
  OutputBuffer buffer;
  buffer.tail() += "hello ";
  buffer.consume(2);
  CHECK(buffer.pending() == "llo ");
  buffer.tail() += "world";
  CHECK(buffer.pending() == "llo world");
  buffer.consume(buffer.size());
  CHECK(buffer.empty());
}

TEST_CASE("An output buffer that never runs empty does not grow for ever") {
  OutputBuffer buffer;
  buffer.tail() += "ab";
  for (int i = 0; i < 10'000; ++i) {
    buffer.tail() += "cd";
    buffer.consume(2);
    REQUIRE(buffer.size() == 2);
  }
  CHECK(buffer.tail().capacity() < 100);
}

TEST_CASE("Lent memory goes back once nothing is pending") {
  auto spare = std::make_unique<std::string>();
  spare->reserve(1000);
  const std::string* const lent = spare.get();
  OutputBuffer buffer;
  CHECK_FALSE(buffer.has_memory());
  buffer.lend(std::move(spare));
  CHECK(buffer.has_memory());
  buffer.tail() += "one two";
  buffer.consume(7);
  const auto back = buffer.give_back();
  CHECK(back.get() == lent);
  CHECK(back->empty());
  CHECK_FALSE(buffer.has_memory());
}

TEST_CASE("A buffer keeps what is pending, in not much more memory than that takes") {
  auto spare = std::make_unique<std::string>();
  spare->reserve(10'000);
  OutputBuffer buffer;
  buffer.lend(std::move(spare));
  buffer.tail() += "one two";
  buffer.consume(4);
  CHECK(buffer.give_back() == nullptr);
  CHECK(buffer.pending() == "two");
  CHECK(buffer.tail().capacity() < 100);
}

TEST_CASE("What a slow client has not read stays where it is") {
  OutputBuffer buffer;
  buffer.tail() += std::string(1'000'000, 'x');
  const char* const place = buffer.pending().data();
  buffer.consume(1000);
  CHECK(buffer.give_back() == nullptr);
  CHECK(static_cast<const void*>(buffer.pending().data()) == place + 1000);
}

TEST_CASE("A buffer that is lent nothing has memory of its own") {
  OutputBuffer buffer;
  buffer.lend(nullptr);
  buffer.tail() += "one";
  CHECK(buffer.pending() == "one");
  buffer.consume(3);
  CHECK(buffer.give_back() != nullptr);
  CHECK(buffer.empty());
}

TEST_CASE("A buffer that was released meanwhile gives nothing back") {
  OutputBuffer buffer;
  buffer.lend(std::make_unique<std::string>());
  buffer.tail() += "one";
  buffer.release();
  CHECK(buffer.give_back() == nullptr);
  CHECK(buffer.empty());
}

}  // namespace
}  // namespace aiopyr::websocket

#include <catch2/catch.hpp>

#include <aiopyr/websocket/output_buffer.h>

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

TEST_CASE("Borrowed memory goes back, and what is pending stays") {
  std::string scratch;
  scratch.reserve(1000);
  OutputBuffer buffer;
  buffer.borrow(scratch);
  buffer.tail() += "one two";
  buffer.consume(4);
  buffer.give_back(scratch);
  CHECK(buffer.pending() == "two");
  CHECK(scratch.empty());
  CHECK(scratch.capacity() >= 1000);
}

}  // namespace
}  // namespace aiopyr::websocket

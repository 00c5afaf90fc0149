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
  auto scratch = std::make_unique<std::string>();
  scratch->reserve(1000);
  OutputBuffer buffer;
  buffer.borrow(scratch);
  CHECK(scratch == nullptr);
  buffer.tail() += "one two";
  buffer.consume(4);
  buffer.give_back(scratch);
  CHECK(buffer.pending() == "two");
  CHECK(scratch->empty());
  CHECK(scratch->capacity() >= 1000);
}

TEST_CASE("A buffer that finds the shared memory lent has its own") {
  std::unique_ptr<std::string> scratch;
  OutputBuffer buffer;
  buffer.borrow(scratch);
  buffer.tail() += "one";
  CHECK(buffer.pending() == "one");
  buffer.consume(3);
  buffer.give_back(scratch);
  CHECK(scratch->empty());
  CHECK(buffer.empty());
}

TEST_CASE("A buffer that was released meanwhile gives nothing back") {
  auto scratch = std::make_unique<std::string>();
  OutputBuffer buffer;
  buffer.borrow(scratch);
  buffer.tail() += "one";
  buffer.release();
  buffer.give_back(scratch);
  CHECK(scratch == nullptr);
  CHECK(buffer.empty());
}

}  // namespace
}  // namespace aiopyr::websocket

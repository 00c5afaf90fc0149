#include "bench/load/websocket.h"

#include <catch2/catch.hpp>

#include "bench/load/measurement.h"

using namespace load;

TEST_CASE("a load's frames have the shortest encoding of their lengths") {
  CHECK(frame_head(kText, 125, false) == std::string("\x81\x7d", 2));
  CHECK(frame_head(kText, 126, false) == std::string("\x81\x7e\x00\x7e", 4));
  CHECK(frame_head(kText, 65536, false) ==
        std::string("\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00", 10));
}

TEST_CASE("a load finds a server's frame once it is whole") {
  for (const std::size_t length : {0, 5, 125, 126, 65535, 65536}) {
    const std::string frame = frame_head(kText, length, false) + std::string(length, 'x');
    CHECK_FALSE(first_frame(std::string_view(frame).substr(0, frame.size() - 1)));
    const std::string input = frame + "more";
    const auto found = first_frame(input);
    REQUIRE(found);
    CHECK(found->size == frame.size());
    CHECK(found->payload == std::string(length, 'x'));
  }
}

TEST_CASE("a load takes no masked frame from a server") {
  CHECK_THROWS_AS(first_frame(masked_frame(kText, "hello")), LoadError);
}

TEST_CASE("a percentile is the smallest value that so many do not exceed") {
  std::vector<int> values;
  for (int i = 1; i <= 1000; ++i) values.push_back(i);
  CHECK(percentile(values, 0.5) == 500);
  CHECK(percentile(values, 0.999) == 999);
  CHECK(percentile(values, 1.0) == 1000);
  CHECK(percentile(std::vector{7}, 0.5) == 7);
}

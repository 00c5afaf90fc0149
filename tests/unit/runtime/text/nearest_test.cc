#include <array>
#include <string>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/text/nearest.h>

namespace aiopyr {
namespace {

constexpr std::array<std::string_view, 4> kNames = {"queue", "queue-timeout", "keep-alive", ""};

TEST_CASE("The nearest name is the one that the fewest letters make of it") {
  CHECK(nearest("qeue", kNames) == "queue");
  CHECK(nearest("quueue", kNames) == "queue");
  CHECK(nearest("kueue", kNames) == "queue");
  CHECK(nearest("queeu", kNames) == "queue");
  CHECK(nearest("queue-timout", kNames) == "queue-timeout");
  CHECK(nearest("keepalive", kNames) == "keep-alive");
  CHECK(nearest("queue", kNames) == "queue");
}

TEST_CASE("No name is near to one that shares nothing with it") {
  CHECK(nearest("threads", kNames).empty());
  CHECK(nearest("", kNames).empty());
  CHECK(nearest("x", kNames).empty());
  CHECK(nearest("queue", {}).empty());
  CHECK(nearest(std::string(10'000, 'q'), kNames).empty());
}

TEST_CASE("A suggestion ends a message, or says nothing") {
  CHECK(suggestion("qeue", kNames) == "; is 'queue' meant?");
  CHECK(suggestion("threads", kNames).empty());
}

}  // namespace
}  // namespace aiopyr

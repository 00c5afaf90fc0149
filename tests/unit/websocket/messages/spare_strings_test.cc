#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include <aiopyr/websocket/messages/spare_strings.h>

namespace aiopyr::websocket {
namespace {

std::unique_ptr<std::string> string_with_room(std::size_t size) {
  auto string = std::make_unique<std::string>("content");
  string->reserve(size);
  return string;
}

/// Returns how many of `count` strings with room for `size` bytes it keeps.
int kept_of(int count, std::size_t size) {
  SpareStrings spares;
  for (int i = 0; i < count; ++i) spares.give(string_with_room(size));
  int kept = 0;
  while (spares.take()) ++kept;
  return kept;
}

TEST_CASE("A spare string comes back without its content and with its memory") {
  SpareStrings spares;
  CHECK(spares.take() == nullptr);
  spares.give(string_with_room(1000));
  const auto spare = spares.take();
  REQUIRE(spare != nullptr);
  CHECK(spare->empty());
  CHECK(spare->capacity() >= 1000);
  CHECK(spares.take() == nullptr);
}

TEST_CASE("Nothing is no spare string") {
  SpareStrings spares;
  spares.give(nullptr);
  CHECK(spares.take() == nullptr);
}

TEST_CASE("As many spare strings are kept as a batch of answers needs") {
  CHECK(kept_of(16, 1000) == 16);
  CHECK(kept_of(1000, 1000) == 16);
}

TEST_CASE("A large spare string is kept beside small ones, and is taken first") {
  SpareStrings spares;
  spares.give(string_with_room(1000));
  spares.give(string_with_room(200'000));
  spares.give(string_with_room(1000));
  CHECK(spares.take()->capacity() >= 200'000);
  CHECK(spares.take()->capacity() < 200'000);
}

TEST_CASE("One large spare string is kept, and none that is too large") {
  CHECK(kept_of(10, 200'000) == 1);
  CHECK(kept_of(10, 300'000) == 0);
}

}  // namespace
}  // namespace aiopyr::websocket

#include <cstring>
#include <stdexcept>
#include <string>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/base/make_string.h>

namespace aiopyr {
namespace {

std::string of_letters(std::size_t size) {
  return make_string(size, [size](char* to) {
    for (std::size_t i = 0; i < size; ++i) to[i] = static_cast<char>('a' + i % 26);
  });
}

TEST_CASE("a string has the bytes that were written, and its end") {
  for (const std::size_t size : {0, 1, 15, 16, 17, 100, 5'000, 100'000}) {
    const auto made = of_letters(size);
    REQUIRE(made.size() == size);
    CHECK(std::strlen(made.c_str()) == size);
    for (std::size_t i = 0; i < size; ++i) {
      if (made[i] != static_cast<char>('a' + i % 26)) FAIL("byte " << i << " of " << size);
    }
  }
}

TEST_CASE("a string that was made grows and moves as any other") {
  auto made = of_letters(5'000);
  const char* where = made.data();
  auto moved = std::move(made);
  CHECK(moved.data() == where);
  moved.append("end");
  CHECK(moved.ends_with("end"));
  CHECK(moved.size() == 5'003);
}

TEST_CASE("a string that could not be filled is not there") {
  CHECK_THROWS_AS(make_string(5'000, [](char*) { throw std::runtime_error("no bytes"); }),
                  std::runtime_error);
}

}  // namespace
}  // namespace aiopyr

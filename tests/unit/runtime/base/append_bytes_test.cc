#include <catch2/catch.hpp>

#include <aiopyr/runtime/base/append_bytes.h>

namespace aiopyr {
namespace {

std::string counting(std::size_t size) {
  std::string out;
  for (std::size_t i = 0; i < size; ++i) out += static_cast<char>(i * 7 + i / 256);
  return out;
}

TEST_CASE("Bytes are appended in order, however many they are") {
  for (const std::size_t size : {0, 1, 2047, 2048, 2049, 4096, 4097, 16384, 100'001}) {
    const std::string bytes = counting(size);
    std::string out = "before";
    append_bytes(out, bytes);
    CHECK(out == "before" + bytes);
    CHECK(copy_bytes(bytes) == bytes);
  }
}

TEST_CASE("A string that is appended to many times is not copied each time") {
  std::string out;
  int moved = 0;
  const std::string bytes = counting(3000);
  for (int i = 0; i < 1000; ++i) {
    const auto capacity = out.capacity();
    append_bytes(out, bytes);
    if (out.capacity() != capacity) ++moved;
  }
  CHECK(moved < 20);
}

}  // namespace
}  // namespace aiopyr

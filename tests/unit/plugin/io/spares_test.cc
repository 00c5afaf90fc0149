#include <vector>

#include <catch2/catch.hpp>

#include <aiopyr/plugin/io/read_buffers.h>
#include <aiopyr/plugin/io/spares.h>

namespace aiopyr::plugin {
namespace {

TEST_CASE("Sixteen spares are kept, the last one is used first") {
  Spares<int> spares;
  std::vector<int> things(17);
  CHECK(spares.take() == nullptr);
  for (int i = 0; i < 16; ++i) CHECK(spares.keep(&things[static_cast<std::size_t>(i)]));
  CHECK_FALSE(spares.keep(&things[16]));
  CHECK(spares.take() == &things[15]);
  CHECK(spares.keep(&things[16]));
  CHECK(spares.take() == &things[16]);
}

TEST_CASE("A read buffer comes back for the next request") {
  void* const first = take_read_buffer();
  give_back_read_buffer(first);
  void* const second = take_read_buffer();
  CHECK(first == second);
  give_back_read_buffer(second);
  give_back_read_buffer(nullptr);
}

}  // namespace
}  // namespace aiopyr::plugin

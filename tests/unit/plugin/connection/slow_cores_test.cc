#include <catch2/catch.hpp>

#include <aiopyr/plugin/connection/slow_cores.h>

namespace aiopyr::plugin {
namespace {

TEST_CASE("As many cores as are allowed are held by slow clients at a time") {
  SlowCores cores(2);
  SlowCores::Right first;
  SlowCores::Right second;
  SlowCores::Right third;
  CHECK(first.take(cores));
  CHECK(first.take(cores));
  CHECK(cores.is_free());
  CHECK(second.take(cores));
  CHECK_FALSE(cores.is_free());
  CHECK_FALSE(third.take(cores));
  CHECK_FALSE(third.give_back());
  CHECK(second.give_back());
  CHECK_FALSE(second.give_back());
  CHECK(third.take(cores));
}

TEST_CASE("A right is given back with its holder, and there is one at least") {
  SlowCores cores(0);
  {
    SlowCores::Right right;
    CHECK(right.take(cores));
    CHECK_FALSE(cores.is_free());
  }
  CHECK(cores.is_free());
}

}  // namespace
}  // namespace aiopyr::plugin

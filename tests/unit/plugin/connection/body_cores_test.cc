#include <catch2/catch.hpp>

#include <aiopyr/plugin/connection/body_cores.h>

namespace aiopyr::plugin {
namespace {

TEST_CASE("As many cores as are allowed wait for bodies at a time") {
  BodyCores cores(2);
  BodyCores::Right first;
  BodyCores::Right second;
  BodyCores::Right third;
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
  BodyCores cores(0);
  {
    BodyCores::Right right;
    CHECK(right.take(cores));
    CHECK_FALSE(cores.is_free());
  }
  CHECK(cores.is_free());
}

}  // namespace
}  // namespace aiopyr::plugin

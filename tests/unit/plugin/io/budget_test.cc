#include <cstdint>
#include <memory>
#include <optional>

#include <catch2/catch.hpp>

#include <aiopyr/plugin/io/budget.h>

namespace aiopyr::plugin {
namespace {

TEST_CASE("A budget is given in parts, which come back when they are not used any more") {
  Budget budget(100);
  auto most = budget.take(90);
  REQUIRE(most != nullptr);
  CHECK(budget.has_room(10));
  CHECK_FALSE(budget.has_room(11));
  CHECK(budget.take(11) == nullptr);
  CHECK(budget.take(0) != nullptr);
  auto rest = budget.take(10);
  CHECK(rest != nullptr);
  CHECK(budget.take(1) == nullptr);
  most = nullptr;
  CHECK(budget.has_room(90));
  CHECK_FALSE(budget.has_room(91));
}

TEST_CASE("What nobody could ever have is refused") {
  const Budget budget(100);
  CHECK_FALSE(budget.has_room(SIZE_MAX));
  CHECK_FALSE(Budget(0).has_room(1));
}

TEST_CASE("A part may outlive its budget") {
  std::optional<Budget> budget(10);
  const auto part = budget->take(10);
  budget.reset();
  CHECK(part != nullptr);
}

}  // namespace
}  // namespace aiopyr::plugin

#include <memory>
#include <string>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/async/executor/executor.h>
#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/web/json/large_json.h>

namespace aiopyr {
namespace {

using detail::free_aside;
using detail::is_large;

Json numbers(int count) {
  Json array = Json::array();
  for (int i = 0; i < count; ++i) array.push_back(i);
  return array;
}

Json nested(int depth) {
  Json value = 1;
  for (int i = 0; i < depth; ++i) value = Json::array({std::move(value)});
  return value;
}

TEST_CASE("a value is large by its text, the number of its values, or its depth", "[web][json]") {
  CHECK_FALSE(is_large(Json()));
  CHECK_FALSE(is_large(Json(std::string(30000, 'x'))));
  CHECK(is_large(Json(std::string(40000, 'x'))));
  CHECK_FALSE(is_large(numbers(2000)));
  CHECK(is_large(numbers(2100)));
  CHECK_FALSE(is_large(nested(90)));
  CHECK(is_large(nested(110)));
  CHECK(is_large(Json{{std::string(40000, 'n'), 1}}));
  CHECK_FALSE(is_large(Json{{"a", {1, 2, {{"b", nullptr}}}}, {"c", true}}));
}

TEST_CASE("a large value is freed in a thread, and a small one where it is", "[web][json]") {
  TestLoop loop;
  auto executor = std::make_shared<Executor>(Executor::Options{1, 1});
  loop.set_default_executor(executor);
  free_aside(numbers(10));
  CHECK(executor->counters().jobs.value() == 0);
  free_aside(numbers(100000));
  CHECK(executor->counters().jobs.value() == 1);
}

TEST_CASE("a large value is freed without a loop, too, and where no thread has a place for it",
          "[web][json]") {
  free_aside(numbers(100000));
  TestLoop loop;
  auto executor = std::make_shared<Executor>(Executor::Options{1, 1});
  loop.set_default_executor(executor);
  for (int i = 0; i < 10; ++i) free_aside(numbers(100000));
  CHECK(executor->pending() <= 2);
}

}  // namespace
}  // namespace aiopyr

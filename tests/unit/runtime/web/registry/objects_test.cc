#include <memory>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/unit/support/test_app.h"
#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/async/tasks/spawn.h>
#include <aiopyr/runtime/async/waits/sleep.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/registry/registry.h>

using namespace aiopyr;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

struct Pool {
  Pool(std::string given, std::vector<std::string>& said) : name(std::move(given)), log(said) {}
  Pool(const Pool&) = delete;
  ~Pool() { log.push_back("destroyed " + name); }
  Task<> close() {
    co_await sleep(1s);
    log.push_back("closed " + name);
  }
  std::string name;
  std::vector<std::string>& log;
};

struct Stuck {
  Task<> close() {
    co_await sleep(1s);
    throw Error("stuck");
  }
};

}  // namespace

TEST_CASE("an object of the registry is found by its type") {
  Registry registry;
  registry.set(42);
  registry.emplace<std::string>(3, 'x');
  const Registry& shared = registry;
  CHECK(shared.get<int>() == 42);
  CHECK(shared.get<std::string>() == "xxx");
  shared.get<int>() = 43;
  CHECK(*shared.find<int>() == 43);
  CHECK(shared.find<double>() == nullptr);
}

TEST_CASE("objects of one type have names") {
  Registry registry;
  registry.set(1);
  registry.set(2, "replica");
  registry.emplace_named<int>("third", 3);
  CHECK(registry.get<int>() == 1);
  CHECK(registry.get<int>("replica") == 2);
  CHECK(registry.get<int>("third") == 3);
  CHECK_THROWS_AS(registry.set(4), ConfigurationError);
  CHECK_THROWS_WITH(registry.set(4, "replica"), Contains("int named 'replica'"));
}

TEST_CASE("a missing object is an error that says how to add it") {
  const Registry registry;
  CHECK_THROWS_AS(registry.get<Pool>(), KeyError);
  CHECK_THROWS_WITH(registry.get<Pool>("main"),
                    Contains("Pool named 'main'") && Contains("on_worker_start"));
}

TEST_CASE("a shared object stays with its other owners") {
  const auto number = std::make_shared<int>(5);
  {
    Registry registry;
    registry.set(number);
    CHECK(&registry.get<int>() == number.get());
  }
  CHECK(number.use_count() == 1);
}

TEST_CASE("objects are closed and destroyed in the reverse order, whatever one of them throws") {
  TestLoop loop;
  std::vector<std::string> log;
  loop.set_exception_handler(
      [&](const std::exception_ptr&, std::string_view where) { log.emplace_back(where); });
  Registry registry;
  registry.emplace_named<Pool>("a", "a", log);
  registry.emplace<Stuck>();
  registry.emplace_named<Pool>("b", "b", log);
  run_until_complete(registry.close_objects());
  registry.destroy_objects();
  REQUIRE(log.size() == 5);
  CHECK(log[0] == "closed b");
  CHECK_THAT(log[1], Contains("Stuck"));
  CHECK(log[2] == "closed a");
  CHECK(log[3] == "destroyed b");
  CHECK(log[4] == "destroyed a");
}

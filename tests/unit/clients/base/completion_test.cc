#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include <catch2/catch.hpp>

#include <aiopyr/clients/base/completion.h>
#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/async/tasks/spawn.h>

using namespace aiopyr;
using namespace aiopyr::clients;

namespace {

Task<std::string> answer_of(std::shared_ptr<Completion<std::string>> completion) {
  std::string answer = co_await wait(std::move(completion));
  co_return answer;
}

}  // namespace

TEST_CASE("an answer reaches the coroutine that waits for it") {
  TestLoop loop;
  const auto completion = std::make_shared<Completion<std::string>>();
  auto task = spawn(answer_of(completion));
  loop.run_once(false);
  CHECK_FALSE(completion->is_set());
  completion->succeed("yes");
  completion->succeed("too late");
  loop.run_once(false);
  REQUIRE(task.is_done());
  CHECK(task.result() == "yes");
}

TEST_CASE("an answer that is there already makes nobody wait") {
  TestLoop loop;
  const auto completion = std::make_shared<Completion<std::string>>();
  completion->succeed("yes");
  CHECK(run_until_complete(answer_of(completion)) == "yes");
}

TEST_CASE("an error reaches the coroutine") {
  TestLoop loop;
  const auto completion = std::make_shared<Completion<std::string>>();
  auto task = spawn(answer_of(completion));
  loop.run_once(false);
  completion->fail(std::make_exception_ptr(std::runtime_error("lost")));
  loop.run_once(false);
  CHECK_THROWS_WITH(task.result(), "lost");
}

TEST_CASE("a destroyed coroutine abandons its answer, before and after it has arrived") {
  TestLoop loop;
  const auto arrives_first = GENERATE(false, true);
  const auto completion = std::make_shared<Completion<std::string>>();
  auto task = std::make_optional(answer_of(completion));
  REQUIRE_FALSE(task->start([](void*) { FAIL("it has ended"); }, nullptr));
  if (arrives_first) completion->succeed("yes");
  task.reset();
  CHECK(completion->is_abandoned());
  completion->succeed("nobody listens");
  loop.run_once(false);
}

#include <algorithm>
#include <exception>
#include <functional>
#include <string>
#include <thread>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/async/fiber.h>
#include <aiopyr/runtime/async/spawn.h>
#include <aiopyr/runtime/async/task.h>
#include <aiopyr/runtime/async/test_loop.h>
#include <aiopyr/runtime/base/backtrace.h>

using namespace aiopyr;

namespace {

/// The functions of a backtrace, innermost first.
std::vector<std::string> functions_of(const Backtrace& trace) {
  std::vector<std::string> names;
  for (const void* address : trace.frames()) names.push_back(code_place(address).function);
  return names;
}

__attribute__((noinline)) Backtrace taken_inside() {
  const Backtrace trace = Backtrace::here();
  // Not as a tail call: then this function would be gone.
  asm volatile("");
  return trace;
}

__attribute__((noinline)) Backtrace taken_further_inside() {
  const Backtrace trace = taken_inside();
  asm volatile("");
  return trace;
}

__attribute__((noinline)) Backtrace taken_after(int calls) {
  const Backtrace trace = calls == 0 ? Backtrace::here() : taken_after(calls - 1);
  asm volatile("");
  return trace;
}

Task<> take_in_coroutine(Backtrace& trace) {
  trace = Backtrace::here();
  co_return;
}

}  // namespace

TEST_CASE("a backtrace begins with its caller and goes outward") {
  const auto names = functions_of(taken_further_inside());
  REQUIRE(names.size() > 2);
  CHECK(names[0] == "taken_inside()");
  CHECK(names[1] == "taken_further_inside()");
}

TEST_CASE("of a deep stack the innermost frames are kept") {
  const Backtrace trace = taken_after(100);
  CHECK(trace.frames().size() == Backtrace::kMost);
  const auto names = functions_of(trace);
  CHECK(std::all_of(names.begin(), names.end(),
                    [](const std::string& name) { return name == "taken_after(int)"; }));
}

TEST_CASE("a fiber's backtrace ends where the fiber begins") {
  TestLoop loop;
  Backtrace trace;
  Fiber::start(loop, [&trace] { trace = taken_inside(); });
  const auto names = functions_of(trace);
  REQUIRE_FALSE(names.empty());
  CHECK(names[0] == "taken_inside()");
  CHECK(std::find(names.begin(), names.end(), "aiopyr::Fiber::main_loop()") != names.end());
  CHECK(std::find(names.begin(), names.end(), "main") == names.end());
}

TEST_CASE("a coroutine is called by its function's name") {
  TestLoop loop;
  Backtrace trace;
  spawn(take_in_coroutine, std::ref(trace));
  loop.run_once(false);
  CHECK(functions_of(trace).at(0) == "take_in_coroutine");
}

TEST_CASE("a place is written as addr2line takes it") {
  CHECK(to_string(CodePlace{"f(int)", "app.so", 0x1a2b}) == "f(int) in app.so+0x1a2b");
  CHECK(to_string(CodePlace{}) == "? in ?+0x0");
  CHECK(code_place(nullptr).function.empty());
}

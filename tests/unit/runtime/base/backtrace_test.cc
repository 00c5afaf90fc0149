#include <algorithm>
#include <dlfcn.h>
#include <exception>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <sys/mman.h>
#include <thread>
#include <unistd.h>
#include <zlib.h>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/async/fibers/fiber.h>
#include <aiopyr/runtime/async/loop/test_loop.h>
#include <aiopyr/runtime/async/tasks/spawn.h>
#include <aiopyr/runtime/async/tasks/task.h>
#include <aiopyr/runtime/base/backtrace.h>

using namespace aiopyr;

namespace {

/// Returns the functions of a backtrace, innermost first.
std::vector<std::string> functions_of(const Backtrace& trace) {
  std::vector<std::string> names;
  for (const void* address : trace.frames()) names.push_back(code_place(address).function);
  return names;
}

__attribute__((noinline)) Backtrace taken_inside() {
  const Backtrace trace = Backtrace::here();
  // Prevents a tail call, which would remove this function from the stack.
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
#ifdef __clang__
  CHECK(functions_of(trace).at(0) == "take_in_coroutine(aiopyr::Backtrace&)");
#else
  CHECK(functions_of(trace).at(0) == "take_in_coroutine");
#endif
}

TEST_CASE("a place is written as addr2line takes it") {
  CHECK(to_string(CodePlace{"f(int)", "app.so", 0x1a2b}) == "f(int) in app.so+0x1a2b");
  CHECK(to_string(CodePlace{}) == "? in ?+0x0");
  CHECK(code_place(nullptr).function.empty());
}

TEST_CASE(
    "a library that was loaded from a copy in memory is called by its file, with its symbols") {
  Dl_info original{};
  REQUIRE(::dladdr(reinterpret_cast<const void*>(&::zlibVersion), &original) != 0);
  std::ifstream file(original.dli_fname, std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(file), {});
  const int copy = ::memfd_create("shop.so", MFD_CLOEXEC);
  REQUIRE(::write(copy, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  // A debugger needs the number of the process that has loaded the library.
  for (const std::string& process : {std::string("self"), std::to_string(::getpid())}) {
    const std::string name = "/proc/" + process + "/fd/" + std::to_string(copy);
    void* const library = ::dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL);
    REQUIRE(library != nullptr);
    const auto* const function = static_cast<const char*>(::dlsym(library, "zlibVersion"));
    REQUIRE(function != nullptr);
    const CodePlace place = code_place(function + 1);
    CHECK(place.file == "shop.so");
    CHECK(place.function == "zlibVersion");
  }
}

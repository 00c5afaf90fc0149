#include <dlfcn.h>
#include <fstream>
#include <string>
#include <unistd.h>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/base/callable_name.h>
#include <aiopyr/runtime/base/symbol_table.h>

using namespace aiopyr;

namespace {

int a_function_of_an_unnamed_namespace(const std::string& text) {
  return static_cast<int>(text.size());
}

}  // namespace

static int a_static_function(int n) { return n + 1; }

TEST_CASE("a function that nobody exports is called by its name too") {
  CHECK(callable_name(&a_static_function) == "a_static_function(int)");
  CHECK(callable_name(&a_function_of_an_unnamed_namespace) ==
        "a_function_of_an_unnamed_namespace(std::string const&)");
}

TEST_CASE("a byte within a function finds the function that it belongs to") {
  const auto* const code = reinterpret_cast<const char*>(&a_static_function);
  Dl_info info{};
  REQUIRE(::dladdr(code, &info) != 0);
  const auto offset = static_cast<std::uintptr_t>(code - static_cast<const char*>(info.dli_fbase));
  CHECK(find_enclosing_symbol("/proc/self/exe", offset + 1) == "_ZL17a_static_functioni");
  CHECK(find_enclosing_symbol("/proc/self/exe", 1).empty());
}

TEST_CASE("where no function begins there is no name") {
  CHECK(find_function_symbol("/proc/self/exe", 1).empty());
  CHECK(function_name_at(nullptr).empty());
  int on_the_stack = 0;
  CHECK(function_name_at(&on_the_stack).empty());
}

TEST_CASE("a file that is missing, no ELF file or cut off has no names") {
  CHECK(find_function_symbol("/nonexistent", 0x1000).empty());
  CHECK(find_function_symbol("/proc/self/cmdline", 0x1000).empty());
  std::ifstream self("/proc/self/exe", std::ios::binary);
  std::string head(4096, '\0');
  self.read(head.data(), static_cast<std::streamsize>(head.size()));
  const std::string name = "/tmp/aiopyr-cut-elf-" + std::to_string(::getpid());
  for (const std::size_t size : {std::size_t{4}, std::size_t{63}, head.size()}) {
    std::ofstream(name, std::ios::binary).write(head.data(), static_cast<std::streamsize>(size));
    CHECK(find_function_symbol(name, 0x1000).empty());
  }
  ::unlink(name.c_str());
}

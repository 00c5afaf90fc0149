#include <stdexcept>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/base/callable_name.h>
#include <aiopyr/runtime/base/describe.h>
#include <aiopyr/runtime/base/errors.h>

using namespace aiopyr;

int a_function_with_a_name(int n);
int a_function_with_a_name(int n) { return n; }

TEST_CASE("an exception is described by type and message") {
  CHECK(describe(std::make_exception_ptr(std::runtime_error("broken"))) ==
        "std::runtime_error: broken");
  CHECK(describe(std::make_exception_ptr(ScopeError("where"))) == "aiopyr::ScopeError: where");
}

TEST_CASE("an exception without a message is described by its type") {
  CHECK(describe(std::make_exception_ptr(CancelledError())) == "aiopyr::CancelledError");
  CHECK(describe(std::make_exception_ptr(5)) == "int");
  CHECK(describe(nullptr) == "no exception");
}

TEST_CASE("what is no mangled symbol comes back as it is") {
  CHECK(demangle("not mangled") == "not mangled");
  CHECK(type_name(typeid(Error)) == "aiopyr::Error");
}

TEST_CASE("an exported function is called by its name, a lambda by its type") {
  CHECK(callable_name(&a_function_with_a_name) == "a_function_with_a_name(int)");
  const auto lambda = [] {};
  CHECK_THAT(callable_name(lambda), Catch::Matchers::Contains("lambda"));
}

TEST_CASE("a cancellation is not caught by code that handles errors") {
  const auto handles_errors = [] {
    try {
      throw CancelledError();
    } catch (const std::exception&) {
    }
  };
  CHECK_THROWS_AS(handles_errors(), CancelledError);
}

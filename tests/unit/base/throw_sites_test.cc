#include <exception>
#include <stdexcept>
#include <vector>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/base/throw_sites.h>

using namespace aiopyr;

namespace {

/// As the plugin's hook does: the object that is thrown is noted before the handler runs.
std::exception_ptr thrown_and_noted(const Backtrace& where) {
  const auto error = std::make_exception_ptr(std::runtime_error("noted"));
  try {
    std::rethrow_exception(error);
  } catch (const std::runtime_error& e) {
    note_throw(&e, where);
  }
  return error;
}

}  // namespace

TEST_CASE("an exception is found where it was thrown") {
  const Backtrace here = Backtrace::here();
  const auto error = thrown_and_noted(here);
  const auto found = thrown_at(error);
  REQUIRE(found);
  CHECK(found->frames().data()[0] == here.frames()[0]);
  CHECK(found->frames().size() == here.frames().size());
}

TEST_CASE("what was thrown last at an address counts") {
  const auto error = thrown_and_noted(Backtrace::here());
  try {
    std::rethrow_exception(error);
  } catch (const std::runtime_error& e) {
    note_throw(&e, Backtrace());
  }
  CHECK(thrown_at(error)->frames().empty());
}

TEST_CASE("of what nobody has noted nothing is known") {
  CHECK_FALSE(thrown_at(nullptr));
  CHECK_FALSE(thrown_at(std::make_exception_ptr(std::runtime_error("not noted"))));
}

TEST_CASE("an exception that was thrown long ago is forgotten") {
  const auto old = thrown_and_noted(Backtrace::here());
  std::vector<std::exception_ptr> later;
  for (int i = 0; i < 1000; ++i) later.push_back(thrown_and_noted(Backtrace()));
  CHECK_FALSE(thrown_at(old));
  CHECK(thrown_at(later.back()));
}

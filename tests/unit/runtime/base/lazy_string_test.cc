#include <catch2/catch.hpp>

#include <aiopyr/runtime/base/lazy_string.h>

namespace aiopyr {
namespace {

TEST_CASE("A lazy string that is empty costs a pointer and no memory") {
  LazyString text;
  CHECK(text.empty());
  CHECK(text.size() == 0);
  CHECK(text.view().empty());
  CHECK(text.memory() == 0);
  CHECK(text.take().empty());
  CHECK(sizeof(LazyString) == sizeof(void*));
}

TEST_CASE("A lazy string gives back what was put into it, once") {
  LazyString text("one");
  text.get().append(" two");
  CHECK(text.view() == "one two");
  CHECK(text.size() == 7);
  CHECK(text.memory() >= 7);
  CHECK(text.take() == "one two");
  CHECK(text.empty());
  CHECK(text.memory() == 0);
}

TEST_CASE("A lazy string that becomes empty gives its memory back") {
  LazyString text("one");
  text.assign("");
  CHECK(text.memory() == 0);
  text.assign("two");
  CHECK(text.view() == "two");
  text.clear();
  CHECK(text.memory() == 0);
}

}  // namespace
}  // namespace aiopyr

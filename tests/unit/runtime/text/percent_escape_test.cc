#include <catch2/catch.hpp>

#include <aiopyr/runtime/text/percent_escape.h>

using namespace aiopyr;

TEST_CASE("an escape is a % with two hexadecimal digits") {
  CHECK(is_percent_escape("%2f", 0));
  CHECK(is_percent_escape("a%Fa", 1));
  CHECK_FALSE(is_percent_escape("2f0", 0));
  CHECK_FALSE(is_percent_escape("%2", 0));
  CHECK_FALSE(is_percent_escape("%", 0));
  CHECK_FALSE(is_percent_escape("%g0", 0));
  CHECK_FALSE(is_percent_escape("%0g", 0));
}

TEST_CASE("the first bad escape is found") {
  CHECK_FALSE(find_bad_escape(""));
  CHECK_FALSE(find_bad_escape("a%20b%2F"));
  CHECK(find_bad_escape("a%20%2") == 4);
  CHECK(find_bad_escape("%%20") == 0);
  CHECK(find_bad_escape("%20%x1%") == 3);
}

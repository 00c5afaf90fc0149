#include <string_view>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/base/one_line.h>

using aiopyr::one_line;
using namespace std::string_view_literals;

TEST_CASE("a text without control characters stays as it is") {
  CHECK(one_line("GET /café 100%") == "GET /café 100%");
  CHECK(one_line("").empty());
}

TEST_CASE("line ends are shown, so that a log line stays one") {
  CHECK(one_line("a\r\nb\n") == "a\\r\\nb\\n");
}

TEST_CASE("other control characters become spaces") {
  CHECK(one_line("a\0b\x1b[31m\x7f"sv) == "a b [31m ");
}

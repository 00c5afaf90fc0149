#include <catch2/catch.hpp>

#include <aiopyr/runtime/text/header_params.h>

using namespace aiopyr;

TEST_CASE("a header's value and parameters are parted", "[web][header_params]") {
  const auto value = parse_header_value("Multipart/Form-Data; Boundary=\"a;b\" ;x=1; ; =2; flag");
  CHECK(value.value == "multipart/form-data");
  REQUIRE(value.params.size() == 2);
  CHECK(*value.find("boundary") == "a;b");
  CHECK(*value.find("x") == "1");
  CHECK(value.find("flag") == nullptr);
}

TEST_CASE("a backslash escapes quotes and itself, nothing else", "[web][header_params]") {
  CHECK(*parse_header_value(R"(x; f="a\"b\\c")").find("f") == R"(a"b\c)");
  CHECK(*parse_header_value(R"(x; f="C:\dir\file.txt")").find("f") == R"(C:\dir\file.txt)");
}

TEST_CASE("a quote that is never closed runs to the end", "[web][header_params]") {
  CHECK(*parse_header_value("x; f=\"a;b").find("f") == "a;b");
  CHECK(*parse_header_value("x; f=\"").find("f") == "");
  CHECK(*parse_header_value("x; f=\"\\").find("f") == "\\");
}

TEST_CASE("a list is split at commas outside of quotes", "[web][header_params]") {
  CHECK(split_header_list(" a, ,b;x=\"1,2\" ,") ==
        std::vector<std::string_view>{"a", "b;x=\"1,2\""});
}

TEST_CASE("an element of a list is found whole, in any case and outside of quotes",
          "[web][header_params]") {
  CHECK(header_list_contains("close", "close"));
  CHECK(header_list_contains("Upgrade , CLOSE", "close"));
  CHECK(header_list_contains(",,close", "close"));
  CHECK_FALSE(header_list_contains("", "close"));
  CHECK_FALSE(header_list_contains("closed, close;x", "close"));
  CHECK_FALSE(header_list_contains("\"a, close\"", "close"));
}

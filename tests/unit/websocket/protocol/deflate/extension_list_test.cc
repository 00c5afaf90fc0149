#include <catch2/catch.hpp>

#include <aiopyr/websocket/protocol/deflate/extension_list.h>

namespace aiopyr::websocket {
namespace {

using Extensions = std::vector<Extension>;

TEST_CASE("no extensions are an empty list") {
  CHECK(parse_extensions("") == Extensions{});
  CHECK(parse_extensions(" , ,") == Extensions{});
}

TEST_CASE("extensions keep their order, and parameters theirs") {
  CHECK(parse_extensions("a; x; y=1, b ,c;z=two") ==
        Extensions{{"a", {{"x"}, {"y", "1"}}}, {"b"}, {"c", {{"z", "two"}}}});
}

TEST_CASE("parameters that come twice are left to whoever knows them") {
  CHECK(parse_extensions("a; x; x=1") == Extensions{{"a", {{"x"}, {"x", "1"}}}});
}

TEST_CASE("blanks may be around every part") {
  CHECK(parse_extensions("\t a ;\tx = 1 ;  y\t,  b") ==
        Extensions{{"a", {{"x", "1"}, {"y"}}}, {"b"}});
}

TEST_CASE("a quoted value is the token in its quotes") {
  CHECK(parse_extensions(R"(a; x="10"; y="\1\2")") ==
        Extensions{{"a", {{"x", "10"}, {"y", "12"}}}});
}

TEST_CASE("what does not conform to the grammar is none") {
  for (const auto* value :
       {"a b",          ";",           "a;",           "a;;b",         "a; =1",        "a; x=",
        "a; x= ;y",     "a; x=1 2",    "a; x=\"",      "a; x=\"\"",    "a; x=\"1",     "a; x=\"1\\",
        "a; x=\"1\\\"", "a; x=\"1\"2", "a; x=\"1 2\"", "a; x=\"1,2\"", "a; x=\"1;2\"", "a; x=1=2",
        "a/b",          "a, b c",      "\"a\"",        "a; \"x\"",     "a; x=\x80"}) {
    INFO(value);
    CHECK_FALSE(parse_extensions(value));
  }
}

}  // namespace
}  // namespace aiopyr::websocket

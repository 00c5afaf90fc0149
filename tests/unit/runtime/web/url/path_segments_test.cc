#include <catch2/catch.hpp>

#include <aiopyr/runtime/web/url/path_segments.h>

using aiopyr::split_path_info;
using Segments = std::vector<std::string>;

TEST_CASE("a path is split at its slashes and empty segments are dropped") {
  CHECK(split_path_info("/a/b/c") == Segments{"a", "b", "c"});
  CHECK(split_path_info("//a///b//") == Segments{"a", "b"});
  CHECK(split_path_info("").empty());
  CHECK(split_path_info("///").empty());
}

TEST_CASE("a dot segment is dropped and two dots take the one before away") {
  CHECK(split_path_info("a/./b") == Segments{"a", "b"});
  CHECK(split_path_info("a/b/../c") == Segments{"a", "c"});
  CHECK(split_path_info("...") == Segments{"..."});
}

TEST_CASE("two dots never leave the root") {
  CHECK(split_path_info("../../a") == Segments{"a"});
  CHECK(split_path_info("a/../../..").empty());
}

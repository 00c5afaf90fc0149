#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/web/routing/route_index.h>
#include <aiopyr/runtime/web/routing/route_pattern.h>

using namespace aiopyr;
using aiopyr::detail::RouteIndex;

namespace {

using Places = std::vector<std::size_t>;

RouteIndex index_of(const std::vector<std::string>& patterns) {
  RouteIndex index;
  for (std::size_t i = 0; i < patterns.size(); ++i) index.add(i, RoutePattern(patterns[i]));
  return index;
}

Places candidates(const RouteIndex& index, std::string_view path) {
  Places places;
  RouteIndex::Candidates all(index, path);
  while (const auto place = all.next()) places.push_back(*place);
  return places;
}

}  // namespace

TEST_CASE("a path meets only the routes that begin with its segments") {
  const auto index = index_of({"/people", "/people/{id}", "/places/{id}", "/places"});
  CHECK(candidates(index, "/people") == Places{0, 1});
  CHECK(candidates(index, "/places/7") == Places{2, 3});
  CHECK(candidates(index, "/peop").empty());
  CHECK(candidates(index, "/").empty());
}

TEST_CASE("the routes that a path may match come in their order, however deep they are") {
  const auto index = index_of({"/{any}", "/a/b/{c}", "/a/{b}", "/{x}/b", "/a/b/c", "/*rest"});
  CHECK(candidates(index, "/a/b/c") == Places{0, 1, 2, 3, 4, 5});
  CHECK(candidates(index, "/a/x") == Places{0, 2, 3, 5});
  CHECK(candidates(index, "/x/b") == Places{0, 3, 5});
}

TEST_CASE("a segment that a pattern begins but does not end tells nothing") {
  const auto index = index_of({"/file-{name}", "/a/v{version}/x", "/files*rest", "/b{c:.*}"});
  CHECK(candidates(index, "/file-1") == Places{0, 2, 3});
  CHECK(candidates(index, "/a/v1/x") == Places{0, 1, 2, 3});
}

TEST_CASE("empty segments are segments of a path") {
  const auto index = index_of({"/", "/a/", "/a", "/a//{b}", "//"});
  CHECK(candidates(index, "/") == Places{0});
  CHECK(candidates(index, "/a") == Places{2});
  CHECK(candidates(index, "/a/") == Places{1, 2, 3});
  CHECK(candidates(index, "/a//x") == Places{1, 2, 3});
  CHECK(candidates(index, "//") == Places{0, 4});
}

TEST_CASE("patterns of many segments are found by the first of them") {
  const auto index = index_of({"/1/2/3/4/5/6/7/8", "/1/2/3/4/5/6/7/9", "/1/2/3/4/5/x"});
  CHECK(candidates(index, "/1/2/3/4/5/6/7/9") == Places{0, 1});
  CHECK(candidates(index, "/1/2/3/4/5/x") == Places{2});
}

TEST_CASE("no route is for a path that does not begin with a slash but those for any") {
  const auto index = index_of({"/a", "/{b}"});
  CHECK(candidates(index, "*") == Places{1});
  CHECK(candidates(index, "") == Places{1});
}

TEST_CASE("every route whose pattern matches a path is among its candidates") {
  const std::vector<std::string> patterns = {"/",           "/{a}",
                                             "/{a}/{b}",    "/a/{b}",
                                             "/a/b",        "/a/b/",
                                             "/a/b/*rest",  "*rest",
                                             "/a*b",        "/a/*b",
                                             "/{a}/b/{c}",  "/a-{b}",
                                             "/a/b{c}",     "/{a:.*}",
                                             "/a/{b:.*}/c", "//a",
                                             "/a//b",       "/a/b/c/",
                                             "/a/{b}.txt",  "/b/{c}/",
                                             "/{a}.{b}/c",  "/a/b/c/d/e/f/g/{h}"};
  const auto index = index_of(patterns);
  for (const std::string path : {"/", "/a", "/a/", "/a/b", "/a/b/", "/a/b/c", "/a/b/c/", "/a-b",
                                 "/a/bc", "//a", "/a//b", "/ab", "/a/b.txt", "/b/c/", "/a.b/c",
                                 "/b", "/b/b/b", "/a/b/c/d/e/f/g/h", "/a/b/c/d/e/f/g/h/i"}) {
    const Places found = candidates(index, path);
    CHECK(std::is_sorted(found.begin(), found.end()));
    for (std::size_t i = 0; i < patterns.size(); ++i) {
      INFO(patterns[i] << " and " << path);
      const bool is_candidate = std::find(found.begin(), found.end(), i) != found.end();
      if (RoutePattern(patterns[i]).match(path)) CHECK(is_candidate);
    }
  }
}

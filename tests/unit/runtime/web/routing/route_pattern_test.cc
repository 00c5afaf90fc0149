#include <catch2/catch.hpp>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/routing/route_pattern.h>

namespace route_pattern_test {

using aiopyr::ConfigurationError;
using aiopyr::RoutePattern;
using Catch::Matchers::Contains;
using Values = std::vector<std::pair<std::string, std::string>>;
using Segments = std::vector<std::string>;

namespace {

bool matches(std::string_view pattern, std::string_view path) {
  return RoutePattern(pattern).match(path).has_value();
}

Values values(std::string_view pattern, std::string_view path) {
  const auto match = RoutePattern(pattern).match(path);
  REQUIRE(match);
  return match->values;
}

Segments rest(std::string_view pattern, std::string_view path) {
  const auto match = RoutePattern(pattern).match(path);
  REQUIRE(match);
  return match->rest;
}

std::string error_of(std::string_view pattern) {
  try {
    const RoutePattern compiled(pattern);
  } catch (const ConfigurationError& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("a literal pattern matches the whole path and nothing else") {
  CHECK(matches("/foo/bar", "/foo/bar"));
  CHECK_FALSE(matches("/foo/bar", "/foo/bar/"));
  CHECK_FALSE(matches("/foo/bar", "/foo/ba"));
  CHECK_FALSE(matches("/foo/bar", "x/foo/bar"));
  CHECK_FALSE(matches("/foo", "/foo\n"));
  CHECK_FALSE(matches("/foo", ""));
}

TEST_CASE("a leading slash is added to a pattern that has none") {
  CHECK(matches("foo", "/foo"));
  CHECK(matches("", "/"));
  CHECK(RoutePattern("foo").text() == "/foo");
}

TEST_CASE("characters that mean something in a regular expression are literal outside of braces") {
  CHECK(matches("/a.b+c(d)", "/a.b+c(d)"));
  CHECK_FALSE(matches("/a.b", "/axb"));
  CHECK(matches("/a.{x:\\d}[$]", "/a.5[$]"));
  CHECK_FALSE(matches("/a.{x:\\d}", "/ab5"));
}

TEST_CASE("a name matches one or more characters other than a slash") {
  CHECK(values("/{a}", "/x") == Values{{"a", "x"}});
  CHECK(values("/{a}/m/{b}", "/1/m/2") == Values{{"a", "1"}, {"b", "2"}});
  CHECK(values("/{a}/", "/x/") == Values{{"a", "x"}});
  CHECK(values("/v{a}", "/vx") == Values{{"a", "x"}});
  CHECK_FALSE(matches("/{a}", "/"));
  CHECK_FALSE(matches("/{a}", "/x/"));
  CHECK_FALSE(matches("/{a}/{b}", "/x/"));
  CHECK_FALSE(matches("/{a}/m", "/x/n"));
}

TEST_CASE("a name takes what the decoded path holds, newlines and other languages included") {
  CHECK(values("/{a}",
               "/La Pe\xc3\xb1"
               "a") == Values{{"a",
                               "La Pe\xc3\xb1"
                               "a"}});
  CHECK(values("/{a}", "/x\ny") == Values{{"a", "x\ny"}});
  CHECK(values("/{a}.html", "/x\ny.html") == Values{{"a", "x\ny"}});
}

TEST_CASE("names within one segment are greedy from the left, as one regular expression is") {
  CHECK(values("/{a}-{b}", "/x-y-z") == Values{{"a", "x-y"}, {"b", "z"}});
  CHECK(values("/{a}.{ext}", "/a.tar.gz") == Values{{"a", "a.tar"}, {"ext", "gz"}});
  CHECK(values("/{a}{b}", "/xyz") == Values{{"a", "xy"}, {"b", "z"}});
  CHECK_FALSE(matches("/{a}-{b}", "/-y"));
}

TEST_CASE("a regular expression may hold braces one level deep") {
  CHECK(values("/{y:\\d{4}}/{m:\\d\\d}", "/2024/05") == Values{{"y", "2024"}, {"m", "05"}});
  CHECK_FALSE(matches("/{y:\\d{4}}", "/202"));
  CHECK_FALSE(matches("/{y:\\d{4}}", "/20245"));
}

TEST_CASE("a regular expression may match slashes, alternatives and groups of its own") {
  CHECK(values("/{path:.+}/end", "/a/b/end") == Values{{"path", "a/b"}});
  CHECK(values("/{kind:cat|dog}/{n}", "/dog/1") == Values{{"kind", "dog"}, {"n", "1"}});
  CHECK_FALSE(matches("/{kind:cat|dog}", "/catx"));
  CHECK(values("/{a:(x)(y)?}/{b:z}", "/x/z") == Values{{"a", "x"}, {"b", "z"}});
  CHECK(values("/{a:x*}", "/") == Values{{"a", ""}});
}

TEST_CASE("a class of word characters knows letters beyond ASCII") {
  CHECK(matches("/{a:\\w+}", "/\xc3\xa9t\xc3\xa9"));
  CHECK(values("/{a:.}", "/\xc3\xa9") == Values{{"a", "\xc3\xa9"}});
}

TEST_CASE("a rest takes what is left as segments") {
  CHECK(rest("/foo/*rest", "/foo/a/b/c") == Segments{"a", "b", "c"});
  CHECK(rest("/foo/*rest", "/foo/").empty());
  CHECK(rest("*rest", "/a//b/../c") == Segments{"a", "c"});
  CHECK(rest("/{a}*rest", "/x/y/z") == Segments{"y", "z"});
  CHECK(rest("/{a:\\d+}/*rest", "/1/y\n/z") == Segments{"y\n", "z"});
  CHECK(RoutePattern("/{a}*rest").rest_name() == "rest");
  CHECK_FALSE(matches("/foo/*rest", "/foo"));
}

TEST_CASE("a name may be longer than the regular expression engine's own limit") {
  const std::string name(100, 'n');
  CHECK(values("/{" + name + ":\\d+}", "/5") == Values{{name, "5"}});
}

TEST_CASE("a pattern tells the text that every match begins with") {
  CHECK(RoutePattern("/a/b/{c}/d").static_prefix() == "/a/b/");
  CHECK(RoutePattern("/a").static_prefix() == "/a");
  CHECK(RoutePattern("{c}").static_prefix() == "/");
}

TEST_CASE("a long path neither overflows the stack nor takes for ever") {
  const std::string path = "/" + std::string(1'000'000, 'a');
  CHECK(matches("/{a}", path));
  CHECK(matches("/{a:(?:a|b)*}", "/" + std::string(20'000, 'a')));
  CHECK_THROWS_AS(matches("/{a:(a+)+b}", path), aiopyr::Error);
}

TEST_CASE("a pattern that cannot be read is refused, with the pattern and the position") {
  CHECK_THAT(error_of("/x/{a"), Contains("'/x/{a'") && Contains("position 3") && Contains("'}'"));
  CHECK_THAT(error_of("/x}"), Contains("position 2"));
  CHECK_THAT(error_of("/{}"), Contains("position 2") && Contains("name"));
  CHECK_THAT(error_of("/{1a}"), Contains("position 2"));
  CHECK_THAT(error_of("/{a b}"), Contains("position 3"));
  CHECK_THAT(error_of("/{a:}"), Contains("empty regular expression"));
  CHECK_THAT(error_of("/{a:x{2{3}}}"), Contains("braces"));
  CHECK_THAT(error_of("/{a}/{a}"), Contains("position 5") && Contains("twice"));
  CHECK_THAT(error_of("/{a}/*a"), Contains("twice"));
  CHECK_THAT(error_of("/*"), Contains("position 2") && Contains("name"));
  CHECK_THAT(error_of("/*rest/x"), Contains("position 1") && Contains("end"));
}

TEST_CASE("a placeholder as Pyramid wrote them once is refused, with what to write instead") {
  CHECK_THAT(error_of("/x/:a"), Contains("position 3") && Contains("'{a}'"));
  CHECK_THAT(error_of(":_a1/x"), Contains("'{_a1}'"));
  CHECK_THAT(error_of("/x:8/y:b/*rest"), Contains("'{b}'"));
  CHECK(RoutePattern("/x:8/a:").match("/x:8/a:"));
  // Beside today's placeholders a colon is a plain colon, as in Pyramid.
  CHECK(RoutePattern("/{a}/:b").match("/1/:b"));
}

TEST_CASE("a regular expression that is none is refused where it is wrong") {
  CHECK_THAT(error_of("/{a:x(y}"), Contains("position 7") && Contains("parenthesis"));
  CHECK_THAT(error_of("/{a:x)(y}"), Contains("position 5"));
  CHECK_THAT(error_of("/{a:[z-a]}"), Contains("position"));
}

}  // namespace route_pattern_test

#include <catch2/catch.hpp>

#include "tests/unit/support/map_environ.h"
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/request/request.h>
#include <aiopyr/runtime/web/routing/predicates.h>

using namespace aiopyr;

namespace {

bool allows(const StringList& methods, const std::string& method) {
  MapEnviron env({{"REQUEST_METHOD", method}});
  Request request(env);
  return request_method_predicate(methods).matches(nullptr, request);
}

bool holds(const Predicate& predicate, MapEnviron::Variables variables) {
  MapEnviron env(std::move(variables));
  Request request(env);
  return predicate.matches(nullptr, request);
}

}  // namespace

TEST_CASE("a request method predicate matches the methods that it names") {
  CHECK(allows("POST", "POST"));
  CHECK_FALSE(allows("POST", "GET"));
  CHECK(allows({"PUT", "DELETE"}, "DELETE"));
  CHECK_FALSE(allows({"PUT", "DELETE"}, "post"));
}

TEST_CASE("GET implies HEAD and HEAD does not imply GET") {
  CHECK(allows("GET", "HEAD"));
  CHECK_FALSE(allows("HEAD", "GET"));
}

TEST_CASE("two spellings of the same methods are the same predicate") {
  CHECK(request_method_predicate({"GET", "POST"}).text ==
        request_method_predicate({"POST", "GET", "HEAD", "GET"}).text);
  CHECK(request_method_predicate("GET").text != request_method_predicate("POST").text);
}

TEST_CASE("a predicate's text is made of what it asks, which is data") {
  const Predicate methods = request_method_predicate({"POST", "GET"});
  CHECK(methods.question.name == "request_method");
  CHECK(methods.question.values == std::vector<std::string>{"GET", "HEAD", "POST"});
  CHECK_FALSE(methods.question.is_refused);
  CHECK(methods.text == "request_method GET,HEAD,POST");
  const Predicate refused = negated(methods);
  CHECK(refused.question.values == methods.question.values);
  CHECK(refused.question.is_refused);
  CHECK(refused.text == "not request_method GET,HEAD,POST");
}

TEST_CASE("refusing what is refused is asking for it") {
  CHECK(xhr_predicate(false).text == "not xhr");
  CHECK(negated(xhr_predicate(true)).text == xhr_predicate(false).text);
  CHECK(negated(xhr_predicate(false)).text == xhr_predicate(true).text);
}

TEST_CASE("a predicate of the app's own has a text and no more") {
  const Predicate own{"even", [](const Resource*, Request&) { return true; }};
  CHECK(own.question.name.empty());
  CHECK(negated(own).text == "not even");
}

TEST_CASE("a method that is none is refused") {
  CHECK_THROWS_AS(request_method_predicate("get"), ConfigurationError);
  CHECK_THROWS_AS(request_method_predicate(""), ConfigurationError);
  CHECK_THROWS_AS(request_method_predicate({"GET", "P OST"}), ConfigurationError);
}

TEST_CASE("no predicates match everything") {
  MapEnviron env;
  Request request(env);
  CHECK(all_match({}, nullptr, request));
}

TEST_CASE("xhr asks for the header of scripts, or for its absence") {
  const MapEnviron::Variables script{{"HTTP_X_REQUESTED_WITH", "XMLHttpRequest"}};
  CHECK(holds(xhr_predicate(true), script));
  CHECK_FALSE(holds(xhr_predicate(true), {}));
  CHECK(holds(xhr_predicate(false), {}));
  CHECK_FALSE(holds(xhr_predicate(false), script));
}

TEST_CASE("path_info matches from the start of the path and not necessarily to its end") {
  CHECK(holds(path_info_predicate("/a+"), {{"PATH_INFO", "/aab"}}));
  CHECK_FALSE(holds(path_info_predicate("/a+"), {{"PATH_INFO", "/b/a"}}));
  CHECK(holds(path_info_predicate("/\\w+$"), {{"PATH_INFO", "/g\xc3\xa9"}}));
  CHECK_THROWS_WITH(path_info_predicate("/("), Catch::Contains("'/('"));
}

TEST_CASE("request_param asks for a parameter, or for its value") {
  const MapEnviron::Variables query{{"QUERY_STRING", "a=1&b=&%3Dc=2"}};
  CHECK(holds(request_param_predicate("a"), query));
  CHECK(holds(request_param_predicate("a = 1"), query));
  CHECK_FALSE(holds(request_param_predicate("a=2"), query));
  CHECK(holds(request_param_predicate("b="), query));
  CHECK_FALSE(holds(request_param_predicate("c"), query));
  CHECK(holds(request_param_predicate("=c=2"), query));
  CHECK_FALSE(holds(request_param_predicate({"a", "x"}), query));
}

TEST_CASE("request_param also looks into the form") {
  MapEnviron env({{"REQUEST_METHOD", "POST"}}, "field=x");
  Request request(env);
  CHECK(request_param_predicate("field=x").matches(nullptr, request));
}

TEST_CASE("header asks for a header, or for a value that matches from its start") {
  const MapEnviron::Variables agent{{"HTTP_USER_AGENT", "curl/7"}, {"HTTP_X_BYTES", "\xe9t"}};
  CHECK(holds(header_predicate("User-Agent"), agent));
  CHECK(holds(header_predicate("user-agent:cu.l"), agent));
  CHECK_FALSE(holds(header_predicate("User-Agent:url"), agent));
  CHECK_FALSE(holds(header_predicate("X-Other"), agent));
  CHECK(holds(header_predicate("X-Bytes:\xc3\xa9t$"), agent));
  CHECK_THROWS_AS(header_predicate("no name"), ConfigurationError);
}

TEST_CASE("accept asks what the client takes, and a client that does not say takes all") {
  const auto accepts = [](const char* header) {
    return holds(accept_predicate({"application/json", "text/plain"}), {{"HTTP_ACCEPT", header}});
  };
  CHECK(accepts("text/plain;q=0.1"));
  CHECK(accepts("application/*"));
  CHECK_FALSE(accepts("text/html"));
  CHECK(holds(accept_predicate("text/html"), {}));
  CHECK_THROWS_AS(accept_predicate("text/*"), ConfigurationError);
  CHECK_THROWS_AS(accept_predicate("html"), ConfigurationError);
}

TEST_CASE("match_param asks what the route took from the path") {
  MapEnviron env;
  Request request(env);
  request.matchdict().set("action", "edit");
  CHECK(match_param_predicate("action=edit").matches(nullptr, request));
  CHECK_FALSE(match_param_predicate("action=view").matches(nullptr, request));
  CHECK_FALSE(match_param_predicate({"action=edit", "page=1"}).matches(nullptr, request));
  CHECK_THROWS_AS(match_param_predicate("action"), ConfigurationError);
}

TEST_CASE("a negated predicate is the opposite and says so") {
  const Predicate predicate = negated(request_method_predicate("POST"));
  CHECK(predicate.text == "not request_method POST");
  CHECK(holds(predicate, {}));
  CHECK_FALSE(holds(predicate, {{"REQUEST_METHOD", "POST"}}));
}

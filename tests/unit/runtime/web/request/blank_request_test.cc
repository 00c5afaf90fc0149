#include <catch2/catch.hpp>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/request/blank_request.h>

using namespace aiopyr;
using Catch::Matchers::Contains;

TEST_CASE("a blank request is a GET of a path at localhost") {
  BlankRequest request("/caf%C3%A9/x?q=cat&q=dog#part");
  CHECK(request.method() == "GET");
  CHECK(request.path_info() == "/caf\xC3\xA9/x");
  CHECK(request.raw_path() == "/caf%C3%A9/x");
  CHECK(request.script_name().empty());
  CHECK(request.GET().getall("q") == std::vector<std::string>{"cat", "dog"});
  CHECK(request.url() == "http://localhost/caf%C3%A9/x?q=cat&q=dog");
  CHECK(request.http_version() == "HTTP/1.1");
  CHECK(request.remote_addr() == "127.0.0.1");
  CHECK(request.body().empty());
}

TEST_CASE("a blank request's base URL says scheme, host and where the app is mounted") {
  BlankRequest request("/x", {.base_url = "https://example.com:8443/my%20app/"});
  CHECK(request.scheme() == "https");
  CHECK(request.host() == "example.com:8443");
  CHECK(request.script_name() == "/my app");
  CHECK(request.path_info() == "/x");
  CHECK(request.url() == "https://example.com:8443/my%20app/x");
}

TEST_CASE("a whole URL brings its own host") {
  BlankRequest request("http://[::1]:6543?a=1", {.base_url = "https://example.com/app"});
  CHECK(request.host_url() == "http://[::1]:6543");
  CHECK(request.script_name().empty());
  CHECK(request.path_info() == "/");
  CHECK(request.environ().get("SERVER_PORT") == "6543");
}

TEST_CASE("what is no URL is refused with a message that shows it") {
  CHECK_THROWS_WITH(BlankRequest("x/y"), Contains("'x/y'"));
  CHECK_THROWS_WITH(BlankRequest("http:///x"), Contains("without a host"));
  CHECK_THROWS_WITH(BlankRequest("/", {.base_url = "localhost"}), Contains("'localhost'"));
}

TEST_CASE("headers of a blank request become variables, and repeated ones are joined") {
  Headers headers{{"Accept", "text/html"}, {"Accept", "text/plain"}, {"Cookie", "a=1"}};
  headers.add("Cookie", "b=2");
  headers.add("Host", "other.example");
  headers.add("Content-Type", "text/x-special");
  BlankRequest request("/", {.headers = headers, .body = "abc"});
  CHECK(request.header("Accept") == "text/html, text/plain");
  CHECK(request.cookies().at("b") == "2");
  CHECK(request.host() == "other.example");
  CHECK(request.content_type() == "text/x-special");
  CHECK(request.content_length() == 3U);
  CHECK(request.body() == "abc");
}

TEST_CASE("a blank request's form is posted") {
  BlankRequest request("/?a=0", {.post = MultiDict{{"a", "1 2"}, {"b", "&"}}});
  CHECK(request.method() == "POST");
  CHECK(request.content_type() == "application/x-www-form-urlencoded");
  CHECK(request.POST() == MultiDict{{"a", "1 2"}, {"b", "&"}});
  CHECK(request.params().getall("a") == std::vector<std::string>{"0", "1 2"});
}

TEST_CASE("a blank request uploads files, whatever is in them") {
  BlankRequest request(
      "/", {.post = MultiDict{{"title", "x"}},
            .files = {{"file\"1", "a\r\nb.txt", "text/plain", "--aiopyr-form-boundary\r\n"},
                      {"empty", "none", "", ""}}});
  CHECK(request.POST()["title"] == "x");
  REQUIRE(request.files().size() == 2);
  CHECK(request.files()[0].bytes == "--aiopyr-form-boundary\r\n");
  CHECK(request.files()[0].content_type == "text/plain");
  CHECK(request.files()[1].content_type == "application/octet-stream");
  CHECK(request.files()[1].bytes.empty());
}

TEST_CASE("a blank request's JSON has its type, and another method where one is given") {
  BlankRequest request("/", {.method = "PUT", .json = Json{{"n", 1}}});
  CHECK(request.method() == "PUT");
  CHECK(request.content_type() == "application/json");
  CHECK(request.json_body() == Json{{"n", 1}});
}

TEST_CASE("variables of one's own win") {
  BlankRequest request("/", {.remote_addr = "10.0.0.1", .environ = {{"REQUEST_METHOD", "BREW"}}});
  CHECK(request.method() == "BREW");
  CHECK(request.remote_addr() == "10.0.0.1");
}

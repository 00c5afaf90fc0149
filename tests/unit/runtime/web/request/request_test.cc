#include <catch2/catch.hpp>

#include "tests/unit/support/bad_request.h"
#include "tests/unit/support/map_environ.h"
#include <aiopyr/runtime/web/registry/registry.h>
#include <aiopyr/runtime/web/request/request.h>

using namespace aiopyr;

TEST_CASE("an empty environment is a GET of the root", "[web][request]") {
  MapEnviron env;
  Request request(env);
  CHECK(request.method() == "GET");
  CHECK(request.path_info() == "/");
  CHECK(request.url() == "http://localhost/");
  CHECK(request.body().empty());
  CHECK(request.params().empty());
  CHECK(request.cookies().empty());
  CHECK(request.settings().empty());
  CHECK_FALSE(request.is_xhr());
}

TEST_CASE("paths are decoded in path_info and quoted in path and url", "[web][request]") {
  MapEnviron env({{"SCRIPT_NAME", "/my app"},
                  {"PATH_INFO", "/caf\xC3\xA9/a:b"},
                  {"REQUEST_URI", "/my%20app/caf%c3%a9/a:b?x=1"},
                  {"QUERY_STRING", "x=1"},
                  {"HTTP_HOST", "example.com:6543"}});
  Request request(env);
  CHECK(request.script_name() == "/my app");
  CHECK(request.path_info() == "/caf\xC3\xA9/a:b");
  CHECK(request.path() == "/my%20app/caf%C3%A9/a:b");
  CHECK(request.path_qs() == "/my%20app/caf%C3%A9/a:b?x=1");
  CHECK(request.raw_path() == "/my%20app/caf%c3%a9/a:b");
  CHECK(request.application_url() == "http://example.com:6543/my%20app");
  CHECK(request.url() == "http://example.com:6543/my%20app/caf%C3%A9/a:b?x=1");
}

TEST_CASE("a path that is not UTF-8 is a bad request in Pyramid's words", "[web][request]") {
  MapEnviron env(MapEnviron::Variables{{"PATH_INFO", "/\xff"}});
  Request request(env);
  CHECK(bad_request_of([&] { static_cast<void>(request.path_info()); }) ==
        "'utf-8' codec can't decode byte 0xff in position 1: invalid start byte");
}

TEST_CASE("an absolute request target gives its path", "[web][request]") {
  const auto raw = [](std::string uri) {
    MapEnviron env(MapEnviron::Variables{{"REQUEST_URI", std::move(uri)}});
    return std::string(Request(env).raw_path());
  };
  CHECK(raw("http://example.com/a/b?c://d/e") == "/a/b");
  CHECK(raw("http://example.com") == "/");
  CHECK(raw("/a?x=http://y/z") == "/a");
  CHECK(raw("*") == "*");
}

TEST_CASE("scheme and host come from the server's variables", "[web][request]") {
  const auto host_url = [](std::map<std::string, std::string, std::less<>> variables) {
    MapEnviron env(std::move(variables));
    return Request(env).host_url();
  };
  CHECK(host_url({{"HTTP_HOST", "a:80"}}) == "http://a");
  CHECK(host_url({{"HTTP_HOST", "a:443"}}) == "http://a:443");
  CHECK(host_url({{"HTTP_HOST", "a:443"}, {"HTTPS", "on"}}) == "https://a");
  CHECK(host_url({{"HTTP_HOST", "a"}, {"UWSGI_SCHEME", "https"}}) == "https://a");
  CHECK(host_url({{"HTTP_HOST", "a"}, {"REQUEST_SCHEME", "https"}}) == "https://a");
  CHECK(host_url({{"HTTP_HOST", "a"}, {"HTTPS", "off"}}) == "http://a");
  CHECK(host_url({{"HTTP_HOST", "a"}, {"HTTP_X_FORWARDED_PROTO", "https"}}) == "http://a");
  CHECK(host_url({{"SERVER_NAME", "b"}, {"SERVER_PORT", "8080"}}) == "http://b:8080");
}

TEST_CASE("headers are read from the variables", "[web][request]") {
  MapEnviron env({{"HTTP_X_REQUESTED_WITH", "XMLHttpRequest"},
                  {"CONTENT_TYPE", "Text/Plain; charset=x"},
                  {"CONTENT_LENGTH", ""},
                  {"REQUEST_METHOD", "GET"}});
  Request request(env);
  CHECK(request.header("x-requested-with") == "XMLHttpRequest");
  CHECK(request.is_xhr());
  CHECK(request.header("Content-Type") == "Text/Plain; charset=x");
  CHECK(request.content_type() == "text/plain");
  CHECK(request.header("X-None").data() == nullptr);
  CHECK(request.headers().get("X-Requested-With") == "XMLHttpRequest");
  CHECK(request.headers().size() == 2);
}

TEST_CASE("cookies are parsed once from the header", "[web][request]") {
  MapEnviron env(MapEnviron::Variables{{"HTTP_COOKIE", "a=1; b=2"}});
  Request request(env);
  CHECK(request.cookies().at("b") == "2");
  CHECK(&request.cookies() == &request.cookies());
}

TEST_CASE("params joins query and form, and the query's value counts", "[web][request]") {
  MapEnviron env({{"REQUEST_METHOD", "POST"},
                  {"QUERY_STRING", "a=1&q=2"},
                  {"CONTENT_TYPE", "application/x-www-form-urlencoded"}},
                 "a=3&f=4&f=5");
  Request request(env);
  CHECK(request.GET() == MultiDict{{"a", "1"}, {"q", "2"}});
  CHECK(request.POST() == MultiDict{{"a", "3"}, {"f", "4"}, {"f", "5"}});
  CHECK(request.params()["a"] == "1");
  CHECK(request.params()["f"] == "5");
  CHECK(request.params().getall("a") == std::vector<std::string>{"1", "3"});
  CHECK(request.params() == MultiDict{{"a", "1"}, {"q", "2"}, {"a", "3"}, {"f", "4"}, {"f", "5"}});
}

TEST_CASE("what a GET or a HEAD brings is no form and never beats the query", "[web][request]") {
  for (const char* method : {"GET", "HEAD", "get", "Head"}) {
    CAPTURE(method);
    MapEnviron env({{"REQUEST_METHOD", method},
                    {"QUERY_STRING", "a=query"},
                    {"CONTENT_TYPE", "application/x-www-form-urlencoded"}},
                   "a=form&b=form");
    Request request(env);
    CHECK(request.POST().empty());
    CHECK(request.params() == MultiDict{{"a", "query"}});
    CHECK(env.reads == 0);
    CHECK(request.body() == "a=form&b=form");
    MapEnviron multipart(
        {{"REQUEST_METHOD", method}, {"CONTENT_TYPE", "multipart/form-data; boundary=B"}},
        "--B\r\nContent-Disposition: form-data; name=f; filename=x\r\n\r\nhi\r\n--B--");
    CHECK(Request(multipart).files().empty());
  }
}

TEST_CASE("a form counts with every other verb", "[web][request]") {
  for (const char* method : {"POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"}) {
    CAPTURE(method);
    MapEnviron env(
        {{"REQUEST_METHOD", method}, {"CONTENT_TYPE", "application/x-www-form-urlencoded"}},
        "a=form");
    CHECK(Request(env).POST() == MultiDict{{"a", "form"}});
  }
}

TEST_CASE("each getter that meets what is malformed says so, the others do not", "[web][request]") {
  MapEnviron env({{"REQUEST_METHOD", "POST"}, {"QUERY_STRING", "q=caf%E9"}}, "\xff=1");
  Request request(env);
  CHECK(request.body() == "\xff=1");
  CHECK(request.query_string() == "q=caf%E9");
  CHECK_THROWS_AS(request.GET(), HTTPBadRequest);
  CHECK_THROWS_AS(request.GET(), HTTPBadRequest);
  CHECK_THROWS_AS(request.POST(), HTTPBadRequest);
  CHECK_THROWS_AS(request.files(), HTTPBadRequest);
  CHECK_THROWS_AS(request.params(), HTTPBadRequest);
}

TEST_CASE("a multipart form without a body or a boundary is empty", "[web][request]") {
  for (const char* type : {"multipart/form-data",
                           "multipart/form-data; boundary=", "multipart/form-data; boundary=B"}) {
    CAPTURE(type);
    MapEnviron without_body(
        MapEnviron::Variables{{"REQUEST_METHOD", "POST"}, {"CONTENT_TYPE", type}});
    CHECK(Request(without_body).POST().empty());
    MapEnviron without_boundary({{"REQUEST_METHOD", "POST"}, {"CONTENT_TYPE", type}}, "abc");
    CHECK(Request(without_boundary).POST().empty());
  }
}

TEST_CASE("files of a form are found by name", "[web][request]") {
  MapEnviron env({{"REQUEST_METHOD", "POST"}, {"CONTENT_TYPE", "multipart/form-data; boundary=B"}},
                 "--B\r\nContent-Disposition: form-data; name=f; filename=x.txt\r\n\r\nhi\r\n"
                 "--B--");
  Request request(env);
  REQUIRE(request.file("f") != nullptr);
  CHECK(request.file("f")->bytes == "hi");
  CHECK(request.file("g") == nullptr);
  CHECK(request.POST().empty());
}

TEST_CASE("a POST without a type counts as a form, a PUT does not", "[web][request]") {
  MapEnviron post({{"REQUEST_METHOD", "POST"}}, "a=1");
  CHECK(Request(post).POST().contains("a"));
  MapEnviron put({{"REQUEST_METHOD", "PUT"}}, "a=1");
  CHECK(Request(put).POST().empty());
}

TEST_CASE("load_params reads everything, once", "[web][request]") {
  MapEnviron env({{"REQUEST_METHOD", "POST"}, {"CONTENT_TYPE", "application/json"}}, "{\"a\":1}");
  Request request(env);
  request.load_params();
  CHECK(env.reads == 1);
  request.load_params();
  CHECK(request.json_body()["a"] == 1);
  CHECK(request.text() == "{\"a\":1}");
  CHECK(request.params().empty());
  CHECK(env.reads == 1);
}

TEST_CASE("a request that announces no body is not asked for one", "[web][request]") {
  MapEnviron env(MapEnviron::Variables{{"HTTP_UPGRADE", "websocket"}, {"CONTENT_LENGTH", "0"}});
  Request request(env);
  request.load_params();
  CHECK(env.reads == 0);
  MapEnviron chunked(MapEnviron::Variables{{"HTTP_TRANSFER_ENCODING", "chunked"}});
  Request(chunked).load_params();
  CHECK(chunked.reads == 1);
}

TEST_CASE("a body over the limit is refused", "[web][request]") {
  MapEnviron env({{"REQUEST_METHOD", "POST"}}, "12345");
  const Registry registry;
  Request request(env, registry, {.body = 4});
  CHECK_THROWS_AS(request.body(), HTTPRequestEntityTooLarge);
  CHECK_THROWS_AS(request.load_params(), HTTPRequestEntityTooLarge);
}

TEST_CASE("bad input is a bad request from load_params", "[web][request]") {
  MapEnviron query(MapEnviron::Variables{{"QUERY_STRING", "q=%ff"}});
  CHECK_THROWS_AS(Request(query).load_params(), HTTPBadRequest);
  MapEnviron form({{"REQUEST_METHOD", "POST"}, {"CONTENT_TYPE", "multipart/form-data; boundary=B"}},
                  "--B\r\nnonsense");
  CHECK_THROWS_AS(Request(form).load_params(), HTTPBadRequest);
}

TEST_CASE("text and JSON of a bad body are bad requests", "[web][request]") {
  MapEnviron env({{"REQUEST_METHOD", "POST"}, {"CONTENT_TYPE", "text/plain"}}, "[\xff");
  Request request(env);
  CHECK_THROWS_AS(request.text(), HTTPBadRequest);
  CHECK_THAT(bad_request_of([&] { static_cast<void>(request.json_body()); }),
             Catch::Contains("byte 2"));
  CHECK(request.body() == "[\xff");
}

TEST_CASE("settings and attributes are at hand", "[web][request]") {
  MapEnviron env;
  const Registry registry(Settings{{"key", "value"}});
  Request request(env, registry);
  CHECK(request.settings().at("key") == "value");
  request.attributes()["user"] = std::string("george");
  CHECK(std::any_cast<std::string>(request.attributes()["user"]) == "george");
}

TEST_CASE("response callbacks run in order, also those added by others", "[web][request]") {
  MapEnviron env;
  Request request(env);
  std::string order;
  request.add_response_callback([&](Request& r, Response&) {
    order += "1";
    r.add_response_callback([&](Request&, Response&) { order += "3"; });
  });
  request.add_response_callback([&](Request&, Response& response) {
    order += "2";
    response.headers().set("X", "y");
  });
  Response response;
  request.run_response_callbacks(response);
  CHECK(order == "123");
  CHECK(response.headers().get("X") == "y");
  request.run_response_callbacks(response);
  CHECK(order == "123");
}

TEST_CASE("finished callbacks all run, the first exception comes out", "[web][request]") {
  MapEnviron env;
  Request request(env);
  int runs = 0;
  request.add_finished_callback([&](Request&) { throw Error("first"); });
  request.add_finished_callback([&](Request&) { ++runs; });
  request.add_finished_callback([&](Request&) { throw Error("second"); });
  CHECK_THROWS_WITH(request.run_finished_callbacks(), "first");
  CHECK(runs == 1);
  CHECK_NOTHROW(request.run_finished_callbacks());
}

TEST_CASE("request.response is made when first asked for", "[web][request]") {
  MapEnviron env;
  Request request(env);
  CHECK_FALSE(request.has_response());
  request.response().set_status(201);
  CHECK(request.has_response());
  CHECK(request.response().status_code() == 201);
}

#include <catch2/catch.hpp>

#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/runtime/web/http/status.h>

using namespace aiopyr;

namespace {

constexpr std::string_view kAnyHtml = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8";

template <typename R>
Response prepared(R response, std::string_view accept, std::string_view method = "GET") {
  Response result = std::move(response);
  result.prepare(accept, method);
  return result;
}

}  // namespace

TEST_CASE("an HTTP exception is an Error and a Response", "[web][httpexceptions]") {
  try {
    throw HTTPNotFound("no such page");
  } catch (const Error& error) {
    CHECK(error.what() == std::string("no such page"));
    CHECK(dynamic_cast<const Response&>(error).status() == "404 Not Found");
  }
  CHECK(HTTPNotFound().what() == std::string("The resource could not be found."));
}

TEST_CASE("exceptions are caught by class of status", "[web][httpexceptions]") {
  CHECK_THROWS_AS(throw HTTPForbidden(), HTTPClientError);
  CHECK_THROWS_AS(throw HTTPBadGateway(), HTTPServerError);
  CHECK_THROWS_AS(throw HTTPBadGateway(), HTTPError);
  CHECK_THROWS_AS(throw HTTPFound("/"), HTTPRedirection);
  CHECK_THROWS_AS(throw HTTPNotModified(), HTTPRedirection);
  CHECK_THROWS_AS(throw HTTPNoContent(), HTTPSuccessful);
}

TEST_CASE("the page is html for browsers, escaped", "[web][httpexceptions]") {
  const Response response = prepared(HTTPNotFound("<script>"), kAnyHtml);
  CHECK(response.content_type() == "text/html");
  CHECK(response.charset() == "UTF-8");
  CHECK(response.body() ==
        "<html>\n <head>\n  <title>404 Not Found</title>\n </head>\n <body>\n"
        "  <h1>404 Not Found</h1>\n  The resource could not be found.<br/><br/>\n&lt;script&gt;\n\n"
        "\n </body>\n</html>");
  CHECK(response.headers().get("Content-Length") == std::to_string(response.body().size()));
}

TEST_CASE("a client that says nothing gets html", "[web][httpexceptions]") {
  CHECK(prepared(HTTPNotFound(), "").content_type() == "text/html");
}

TEST_CASE("the page is JSON where the client prefers it", "[web][httpexceptions]") {
  const Response response = prepared(HTTPNotFound("<x>"), "application/json");
  CHECK(response.headers().get("Content-Type") == "application/json");
  const Json body = Json::parse(response.body());
  CHECK(body["message"] == "The resource could not be found.\n\n\n<x>\n\n");
  CHECK(body["code"] == "404 Not Found");
  CHECK(body["title"] == "Not Found");
  CHECK(body.size() == 3);
}

TEST_CASE("the page is plain text for anything else", "[web][httpexceptions]") {
  const Response response = prepared(HTTPNotFound("<x>"), "image/png");
  CHECK(response.content_type() == "text/plain");
  CHECK(response.body() == "404 Not Found\n\nThe resource could not be found.\n\n\n<x>\n\n");
}

TEST_CASE("a comment is shown as a comment, escaped", "[web][httpexceptions]") {
  const HTTPGone gone("", {}, "--><b>");
  CHECK_THAT(prepared(gone, "text/html").body(), Catch::Contains("<!-- --&gt;&lt;b&gt; -->"));
  CHECK_THAT(prepared(gone, "image/png").body(), Catch::Contains("--><b>"));
}

TEST_CASE("405 names the method", "[web][httpexceptions]") {
  CHECK_THAT(prepared(HTTPMethodNotAllowed(), "text/plain", "PO<ST").body(),
             Catch::Contains("The method PO<ST is not allowed for this resource."));
  CHECK_THAT(prepared(HTTPMethodNotAllowed(), "text/html", "PO<ST").body(),
             Catch::Contains("PO&lt;ST"));
}

TEST_CASE("a redirection carries its location in header and page", "[web][httpexceptions]") {
  const Response response = prepared(HTTPFound("/a?b=<c>"), "text/html");
  CHECK(response.status() == "302 Found");
  CHECK(response.location() == "/a?b=<c>");
  CHECK_THAT(response.body(),
             Catch::Contains("The resource was found at /a?b=&lt;c&gt;; you should be redirected"));
  CHECK_THROWS_AS(HTTPFound("/\r\nSet-Cookie: a=b"), Error);
}

TEST_CASE("a view may return an exception as its response", "[web][httpexceptions]") {
  const auto view = []() -> Response { return HTTPForbidden("not you"); };
  const Response response = prepared(view(), "text/plain");
  CHECK(response.status_code() == 403);
  CHECK_THAT(response.body(), Catch::Contains("not you"));
}

TEST_CASE("a body that was set is not replaced by the page", "[web][httpexceptions]") {
  HTTPNotFound error;
  error.set_body("mine");
  CHECK(prepared(error, "text/html").body() == "mine");
}

TEST_CASE("headers given to an exception reach its response", "[web][httpexceptions]") {
  const HTTPUnauthorized error("", {{"WWW-Authenticate", "Basic realm=\"x\""}});
  CHECK(prepared(error, "").headers().get("WWW-Authenticate") == "Basic realm=\"x\"");
}

TEST_CASE("statuses without a body have neither page nor content type", "[web][httpexceptions]") {
  for (const int code : {204, 205, 304}) {
    CAPTURE(code);
    const Response response = prepared(Response(*exception_response(code)), "text/html");
    CHECK_FALSE(response.has_body());
    CHECK_FALSE(response.headers().contains("Content-Type"));
    CHECK_FALSE(response.headers().contains("Content-Length"));
  }
}

TEST_CASE("exception_response makes the exception of a code", "[web][httpexceptions]") {
  CHECK_THROWS_AS(exception_response(404, "x")->raise(), HTTPNotFound);
  CHECK_THROWS_AS(exception_response(302)->raise(), HTTPFound);
  CHECK(exception_response(503, "later")->detail() == "later");
  for (const int code : {0, 99, 306, 499, 600}) CHECK_THROWS_AS(exception_response(code), Error);
}

TEST_CASE("every exception's code has a title", "[web][httpexceptions]") {
  for (int code = 200; code < 600; ++code) {
    if (find_status(code) == nullptr) continue;
    CAPTURE(code);
    const auto exception = exception_response(code);
    CHECK(exception->code() == code);
    CHECK(exception->title() == find_status(code)->title);
  }
}

TEST_CASE("an exception may be caught and thrown on, also by its base", "[web][httpexceptions]") {
  std::exception_ptr kept;
  try {
    throw HTTPConflict("twice");
  } catch (const HttpException&) {
    kept = std::current_exception();
  }
  CHECK_THROWS_AS(std::rethrow_exception(kept), HTTPConflict);
}

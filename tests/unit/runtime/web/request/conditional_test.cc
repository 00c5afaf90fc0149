// RFC 9110 sections 13 and 14, on a body in memory; static_view_test.cc has files.
#include <catch2/catch.hpp>

#include "tests/unit/support/map_environ.h"
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/http/http_date.h>
#include <aiopyr/runtime/web/http/response.h>
#include <aiopyr/runtime/web/request/conditional.h>
#include <aiopyr/runtime/web/request/request.h>

namespace conditional_test {

using namespace aiopyr;
using Catch::Matchers::Contains;
using std::chrono::system_clock;

namespace {

constexpr const char* kModified = "Tue, 13 May 2014 16:53:20 GMT";
constexpr const char* kBefore = "Tue, 13 May 2014 16:53:19 GMT";

Response tagged(bool is_weak = false) {
  Response response("0123456789", 200, "text/plain");
  response.set_etag("abc", is_weak);
  response.set_last_modified(system_clock::from_time_t(1400000000));
  response.set_conditional_response(true);
  return response;
}

Response answer(MapEnviron::Variables headers, Response response = tagged(),
                const std::string& method = "GET") {
  headers["REQUEST_METHOD"] = method;
  MapEnviron variables(std::move(headers));
  response.prepare(Request(variables));
  return response;
}

int status(MapEnviron::Variables headers, Response response = tagged(),
           const std::string& method = "GET") {
  return answer(std::move(headers), std::move(response), method).status_code();
}

}  // namespace

TEST_CASE("If-None-Match compares weakly and wins over If-Modified-Since", "[web][conditional]") {
  CHECK(status({{"HTTP_IF_NONE_MATCH", "\"abc\""}}) == 304);
  CHECK(status({{"HTTP_IF_NONE_MATCH", "W/\"abc\""}}) == 304);
  CHECK(status({{"HTTP_IF_NONE_MATCH", "\"a,b\", \"abc\""}}) == 304);
  CHECK(status({{"HTTP_IF_NONE_MATCH", "*"}}) == 304);
  CHECK(status({{"HTTP_IF_NONE_MATCH", "\"abc\""}}, tagged(true)) == 304);
  CHECK(status({{"HTTP_IF_NONE_MATCH", "\"other\""}}) == 200);
  CHECK(status({{"HTTP_IF_NONE_MATCH", "abc\"x"}}) == 200);
  CHECK(status({{"HTTP_IF_NONE_MATCH", "\"other\""}, {"HTTP_IF_MODIFIED_SINCE", kModified}}) ==
        200);
}

TEST_CASE("If-Modified-Since compares whole seconds", "[web][conditional]") {
  CHECK(status({{"HTTP_IF_MODIFIED_SINCE", kModified}}) == 304);
  CHECK(status({{"HTTP_IF_MODIFIED_SINCE", kBefore}}) == 200);
  CHECK(status({{"HTTP_IF_MODIFIED_SINCE", "yesterday"}}) == 200);
}

TEST_CASE("what was not modified has the headers that caches need, and no body",
          "[web][conditional]") {
  Response response = tagged();
  response.headers().set("Vary", "Accept");
  response.cache_expires(std::chrono::seconds(60));
  const Response unmodified = answer({{"HTTP_IF_NONE_MATCH", "\"abc\""}}, std::move(response));
  CHECK(unmodified.etag() == "\"abc\"");
  for (const char* name : {"Vary", "Cache-Control", "Expires"}) {
    CHECK(unmodified.headers().contains(name));
  }
  for (const char* name : {"Content-Type", "Content-Length"}) {
    CHECK_FALSE(unmodified.headers().contains(name));
  }
  CHECK_FALSE(unmodified.has_body());
}

TEST_CASE("a precondition that is not met fails", "[web][conditional]") {
  CHECK(status({{"HTTP_IF_MATCH", "\"abc\""}}) == 200);
  CHECK(status({{"HTTP_IF_MATCH", "*"}}) == 200);
  CHECK(status({{"HTTP_IF_MATCH", "\"other\""}}) == 412);
  CHECK(status({{"HTTP_IF_MATCH", "W/\"abc\""}}) == 412);
  CHECK(status({{"HTTP_IF_MATCH", "\"abc\""}}, tagged(true)) == 412);
  CHECK(status({{"HTTP_IF_UNMODIFIED_SINCE", kModified}}) == 200);
  CHECK(status({{"HTTP_IF_UNMODIFIED_SINCE", kBefore}}) == 412);
  CHECK(status({{"HTTP_IF_MATCH", "\"abc\""}, {"HTTP_IF_UNMODIFIED_SINCE", kBefore}}) == 200);
}

TEST_CASE("an error in a response's place keeps the cookies and nothing else",
          "[web][conditional]") {
  Response response = tagged();
  response.set_cookie("a", "b");
  const Response failed = answer({{"HTTP_IF_MATCH", "\"other\""}}, std::move(response));
  CHECK(failed.headers().contains("Set-Cookie"));
  CHECK_FALSE(failed.headers().contains("ETag"));
  CHECK_THAT(failed.body(), !Contains("0123456789"));
}

TEST_CASE("conditions are for a 200 to GET and HEAD, where they are asked for",
          "[web][conditional]") {
  const MapEnviron::Variables match{{"HTTP_IF_NONE_MATCH", "*"}};
  CHECK(status(match, tagged(), "HEAD") == 304);
  CHECK(status(match, tagged(), "POST") == 200);
  Response created = tagged();
  created.set_status(201);
  CHECK(status(match, std::move(created)) == 201);
  Response plain = tagged();
  plain.set_conditional_response(false);
  CHECK(status(match, std::move(plain)) == 200);
}

TEST_CASE("one range is answered with that part", "[web][conditional]") {
  const Response part = answer({{"HTTP_RANGE", "bytes=2-4"}});
  CHECK(part.status_code() == 206);
  CHECK(part.body() == "234");
  CHECK(part.headers().get("Content-Range", "") == "bytes 2-4/10");
  CHECK(part.headers().get("Content-Length", "") == "3");
  CHECK(part.headers().get("Content-Type", "") == "text/plain; charset=UTF-8");
  CHECK(part.etag() == "\"abc\"");
}

TEST_CASE("several ranges are parts of one body", "[web][conditional]") {
  const Response parts = answer({{"HTTP_RANGE", "bytes=0-1,-2"}});
  REQUIRE(parts.status_code() == 206);
  const std::string type(parts.headers().get("Content-Type", ""));
  REQUIRE_THAT(type, Catch::Matchers::StartsWith("multipart/byteranges; boundary="));
  const std::string boundary = type.substr(type.find('=') + 1);
  CHECK(parts.body() == "--" + boundary +
                            "\r\nContent-Type: text/plain; charset=UTF-8\r\n"
                            "Content-Range: bytes 0-1/10\r\n\r\n01\r\n--" +
                            boundary +
                            "\r\nContent-Type: text/plain; charset=UTF-8\r\n"
                            "Content-Range: bytes 8-9/10\r\n\r\n89\r\n--" +
                            boundary + "--\r\n");
  CHECK_FALSE(parts.headers().contains("Content-Range"));
  CHECK(parts.headers().get("Content-Length", "") == std::to_string(parts.body().size()));
}

TEST_CASE("too many or too large parts are answered with the whole", "[web][conditional]") {
  std::string many = "bytes=0-0";
  for (int i = 2; i < 40; i += 2) many += "," + std::to_string(i) + "-" + std::to_string(i);
  Response response = tagged();
  response.set_body(std::string(3U << 20, 'x'));
  CHECK(status({{"HTTP_RANGE", many}}, response) == 200);
  CHECK(status({{"HTTP_RANGE", "bytes=0-1000000,1500000-2900000"}}, response) == 200);
  CHECK(status({{"HTTP_RANGE", "bytes=0-1000000"}}, response) == 206);
}

TEST_CASE("a range that there is not is an error that tells the size", "[web][conditional]") {
  const Response beyond = answer({{"HTTP_RANGE", "bytes=10-"}});
  CHECK(beyond.status_code() == 416);
  CHECK(beyond.headers().get("Content-Range", "") == "bytes */10");
}

TEST_CASE("a range is for GET only", "[web][conditional]") {
  CHECK(status({{"HTTP_RANGE", "bytes=0-1"}}, tagged(), "HEAD") == 200);
  CHECK(status({{"HTTP_RANGE", "nonsense"}}) == 200);
}

TEST_CASE("If-Range lets a range through only for the very same content", "[web][conditional]") {
  const auto with = [](const std::string& if_range, Response response = tagged()) {
    return status({{"HTTP_RANGE", "bytes=0-1"}, {"HTTP_IF_RANGE", if_range}}, std::move(response));
  };
  CHECK(with("\"abc\"") == 206);
  CHECK(with("\"other\"") == 200);
  CHECK(with("W/\"abc\"") == 200);
  CHECK(with("\"abc\"", tagged(true)) == 200);
  CHECK(with(kModified) == 206);
  CHECK(with(kBefore) == 200);
  CHECK(with("nonsense") == 200);
}

TEST_CASE("a conditional response says that it takes ranges", "[web][conditional]") {
  CHECK(answer({}).headers().get("Accept-Ranges", "") == "bytes");
}

TEST_CASE("preparing a response once more changes nothing", "[web][conditional]") {
  MapEnviron variables(
      MapEnviron::Variables{{"REQUEST_METHOD", "GET"}, {"HTTP_RANGE", "bytes=2-4"}});
  Response response = tagged();
  response.prepare(Request(variables));
  response.prepare(Request(variables));
  CHECK(response.status_code() == 206);
  CHECK(response.body() == "234");
}

TEST_CASE("an entity tag is quoted, and refused where it cannot be one", "[web][conditional]") {
  Response response;
  response.set_etag("a", true);
  CHECK(response.etag() == "W/\"a\"");
  response.set_etag("");
  CHECK(response.etag().empty());
  CHECK_THROWS_AS(response.set_etag("a\"b"), Error);
  CHECK_THROWS_AS(response.set_etag("a b"), Error);
}

TEST_CASE("Last-Modified is never in the future", "[web][conditional]") {
  Response response;
  response.set_last_modified(system_clock::now() + std::chrono::hours(1));
  CHECK(response.last_modified() <= system_clock::now());
}

}  // namespace conditional_test

#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "tests/unit/support/temporary_folder.h"
#include <aiopyr/runtime/async/transport/transport.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/runtime/web/http/response.h>

using namespace aiopyr;

TEST_CASE("a response is 200 and html in UTF-8 unless told otherwise", "[web][response]") {
  const Response response("hi");
  CHECK(response.status() == "200 OK");
  CHECK(response.headers().get("Content-Type") == "text/html; charset=UTF-8");
  CHECK(response.content_type() == Response::kDefaultContentType);
  CHECK(response.text() == "hi");
}

TEST_CASE("the content type carries a charset where it is text", "[web][response]") {
  Response response;
  response.set_content_type("application/json");
  CHECK(response.headers().get("Content-Type") == "application/json");
  response.set_content_type("text/css");
  CHECK(response.headers().get("Content-Type") == "text/css; charset=UTF-8");
  response.set_content_type("text/plain; charset=latin-1");
  CHECK(response.charset() == "latin-1");
  response.set_charset("");
  CHECK(response.headers().get("Content-Type") == "text/plain");
  response.set_content_type("");
  CHECK_FALSE(response.headers().contains("Content-Type"));
  CHECK_THROWS_AS(response.set_charset("UTF-8"), Error);
}

TEST_CASE("a JSON response is compact and survives text that is not UTF-8", "[web][response]") {
  const Response response = Response::json({{"a", 0.1}, {"b", "\xff"}}, 201);
  CHECK(response.status_code() == 201);
  CHECK(response.content_type() == "application/json");
  CHECK(response.body() == "{\"a\":0.1,\"b\":\"\xEF\xBF\xBD\"}");
}

TEST_CASE("a status has its reason or one's own", "[web][response]") {
  Response response;
  response.set_status(404);
  CHECK(response.status() == "404 Not Found");
  response.set_status(299, "Fine");
  CHECK(response.status() == "299 Fine");
  response.set_status(499);
  CHECK(response.status() == "499 Client Error");
  CHECK_THROWS_AS(response.set_status(99), Error);
  CHECK_THROWS_AS(response.set_status(600), Error);
  CHECK_THROWS_AS(response.set_status(200, "OK\r\nX: y"), Error);
  CHECK(response.status_code() == 499);
}

TEST_CASE("nothing can be injected through the setters", "[web][response]") {
  Response response;
  CHECK_THROWS_AS(response.set_location("/\r\nX: y"), Error);
  CHECK_THROWS_AS(response.set_content_type("text/html\r\nX: y"), Error);
  CHECK_THROWS_AS(response.set_charset("x\r\ny"), Error);
  CHECK_THROWS_AS(response.set_cookie("a", "b", {.path = "/\r\n"}), Error);
}

TEST_CASE("cookies are added, forgotten and taken back", "[web][response]") {
  Response response;
  response.set_cookie("a", "1");
  response.set_cookie("ab", "2");
  response.delete_cookie("c", "/x", "example.com");
  const auto cookies = response.headers().getall("Set-Cookie");
  REQUIRE(cookies.size() == 3);
  CHECK(cookies[0] == "a=1; Path=/");
  CHECK_THAT(std::string(cookies[2]),
             Catch::StartsWith("c=; Domain=example.com; Max-Age=0; Path=/x"));
  CHECK(response.unset_cookie("a") == 1);
  CHECK(response.headers().getall("Set-Cookie").size() == 2);
}

TEST_CASE("prepare sets the length and clears what the status forbids", "[web][response]") {
  Response response("four");
  response.headers().set("Content-Length", "99");
  response.prepare("", "GET");
  CHECK(response.headers().get("Content-Length") == "4");
  for (const int code : {101, 204, 205, 304}) {
    Response empty("four", code);
    empty.prepare("", "GET");
    CHECK(empty.content_length() == 0);
    CHECK_FALSE(empty.headers().contains("Content-Length"));
    CHECK_FALSE(empty.headers().contains("Content-Type"));
  }
}

TEST_CASE("a file response has type, length and date of the file", "[web][response]") {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "a.css.gz") << "12345";
  Response response = Response::file(folder.path() / "a.css.gz");
  response.prepare("", "GET");
  CHECK(response.headers().get("Content-Length") == "5");
  CHECK(response.content_type() == "text/css");
  CHECK(response.headers().get("Content-Encoding") == "gzip");
  CHECK(response.headers().contains("Last-Modified"));
  char bytes[8];
  CHECK(::pread(response.file_body()->fd(), bytes, sizeof bytes, 0) == 5);
  CHECK(Response::file(folder.path() / "a.css.gz", "text/plain").content_type() == "text/plain");
}

TEST_CASE("what is no readable regular file is not found", "[web][response]") {
  const TemporaryFolder folder;
  const std::string fifo = folder.path() / "fifo";
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  for (const std::string& path :
       {std::string(folder.path()), std::string(folder.path() / "none"), fifo,
        std::string("/etc/passwd\0.txt", 16), std::string(), std::string("/etc/passwd/x")}) {
    CAPTURE(path);
    CHECK_THROWS_AS(Response::file(path), HTTPNotFound);
  }
}

TEST_CASE("a file is closed with the last copy of its response", "[web][response]") {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "a.txt") << "1";
  int fd = -1;
  {
    Response copy;
    {
      const Response response = Response::file(folder.path() / "a.txt");
      fd = response.file_body()->fd();
      copy = response;
    }
    CHECK(::fcntl(fd, F_GETFD) != -1);
  }
  CHECK(::fcntl(fd, F_GETFD) == -1);
}

TEST_CASE("setting a body drops the file", "[web][response]") {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "a.txt") << "1";
  Response response = Response::file(folder.path() / "a.txt");
  response.set_body("text");
  CHECK(response.file_body() == nullptr);
  CHECK(response.content_length() == 4);
}

TEST_CASE("moving a response keeps its upgrade handler", "[web][response]") {
  Response response({}, 101);
  std::string leftover;
  response.on_upgrade = [&](std::unique_ptr<Transport>, std::string bytes) { leftover = bytes; };
  Response moved = std::move(response);
  moved.on_upgrade(nullptr, "early");
  CHECK(leftover == "early");
}

TEST_CASE("nothing can be injected through a redirection or a reason", "[web][response]") {
  CHECK_THROWS_AS(HTTPFound("/\r\nSet-Cookie: a=b"), Error);
  CHECK_THROWS_AS(HTTPMovedPermanently(std::string("/\0x", 3)), Error);
  Response response;
  CHECK_THROWS_AS(response.set_status(200, "OK\r\nX: y"), Error);
  CHECK_THROWS_AS(response.set_status(99), Error);
}

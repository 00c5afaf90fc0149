#include <catch2/catch.hpp>

#include <aiopyr/runtime/web/http/mime.h>

using namespace aiopyr;

TEST_CASE("a file's type is guessed from its extension without case", "[web][mime]") {
  CHECK(guess_mime_type("/a/b.HTML").type == "text/html");
  CHECK(guess_mime_type("x.tar.js").type == "text/javascript");
  CHECK(guess_mime_type("logo.svg").type == "image/svg+xml");
}

TEST_CASE("a compressed file has the inner type and an encoding", "[web][mime]") {
  CHECK(guess_mime_type("a.css.gz").type == "text/css");
  CHECK(guess_mime_type("a.css.gz").encoding == "gzip");
  CHECK(guess_mime_type("a.tar.br").encoding == "br");
  CHECK(guess_mime_type("a.css").encoding.empty());
}

TEST_CASE("what is unknown is bytes", "[web][mime]") {
  for (const char* path : {"", "noext", ".html", "dir.html/file", "a.", "a.unknown"}) {
    CAPTURE(path);
    CHECK(guess_mime_type(path).type == "application/octet-stream");
  }
}

TEST_CASE("text and XML carry a charset, JSON does not", "[web][mime]") {
  CHECK(mime_type_has_charset("text/plain"));
  CHECK(mime_type_has_charset("image/svg+xml"));
  CHECK_FALSE(mime_type_has_charset("application/json"));
}

#include <vector>

#include <catch2/catch.hpp>

#include <aiopyr/runtime/http1/response_head.h>

using namespace aiopyr;

TEST_CASE("a response's head is its status line, its fields in order, and an empty line") {
  const std::vector<ResponseHead::Field> fields{{"Content-Type", "text/plain"}, {"X-Empty", ""}};
  const ResponseHead head{.code = 404, .reason = "Not Found", .fields = fields};
  CHECK(head.text() == "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nX-Empty: \r\n\r\n");
}

TEST_CASE("a response's head has the version it is told, and keeps the space before no reason") {
  const ResponseHead head{.version = "HTTP/1.0", .code = 299};
  CHECK(head.text() == "HTTP/1.0 299 \r\n\r\n");
}

TEST_CASE("the connection's field comes behind the others") {
  const std::vector<ResponseHead::Field> fields{{"A", "1"}};
  const ResponseHead head{.code = 200, .reason = "OK", .fields = fields, .connection = "close"};
  CHECK(head.text() == "HTTP/1.1 200 OK\r\nA: 1\r\nConnection: close\r\n\r\n");
}

TEST_CASE("a response's head is written without its end, in as many bytes as it says") {
  const std::vector<ResponseHead::Field> fields{{"A", "1"}};
  const ResponseHead head{
      .code = 503, .reason = "Busy", .fields = fields, .connection = "keep-alive"};
  std::string room(head.size() + 1, '#');
  CHECK(head.write(room.data()) == room.data() + head.size());
  CHECK(room == "HTTP/1.1 503 Busy\r\nA: 1\r\nConnection: keep-alive\r\n#");
}

TEST_CASE("a date comes behind the fields, before the connection's") {
  const std::vector<ResponseHead::Field> fields{{"A", "1"}};
  const ResponseHead head{.code = 200,
                          .reason = "OK",
                          .fields = fields,
                          .connection = "close",
                          .date = "Sun, 06 Nov 1994 08:49:37 GMT"};
  const std::string text =
      "HTTP/1.1 200 OK\r\nA: 1\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nConnection: close\r\n";
  CHECK(head.text() == text + "\r\n");
  CHECK(head.size() == text.size());
}

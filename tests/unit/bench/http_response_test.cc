#include "bench/load/http_response.h"

#include <catch2/catch.hpp>

using namespace load;

namespace {

const std::string kResponse =
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello";
const std::string kEmpty = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

/// Returns how many responses end in the stream, which is fed in two pieces.
std::size_t feed_in_two(const std::string& stream, std::size_t cut) {
  ResponseReader reader(Options{});
  std::size_t count = 0;
  std::string input;
  for (const std::string& piece : {stream.substr(0, cut), stream.substr(cut)}) {
    input += piece;
    std::string_view rest = input;
    count += reader.feed(rest);
    input = rest;
  }
  CHECK(input.empty());
  return count;
}

std::string error_of(const std::string& response, const Options& options) {
  ResponseReader reader(options);
  std::string_view input = response;
  try {
    static_cast<void>(reader.feed(input));
    return "no error";
  } catch (const LoadError& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("a load's responses are counted however they are cut") {
  const std::string stream = kResponse + kResponse + kResponse;
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) CHECK(feed_in_two(stream, cut) == 3);
}

TEST_CASE("a load's response without a body ends with its head") {
  const std::string stream = kEmpty + kEmpty;
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) CHECK(feed_in_two(stream, cut) == 2);
}

TEST_CASE("a load is told of another status and of another length than the first one's") {
  CHECK(error_of("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", {}) ==
        "another status than expected: HTTP/1.1 503 Busy");
  CHECK(error_of(kResponse, {.length = 6}) == "a body of 5 bytes, not 6");
  CHECK(error_of(kResponse + kEmpty, {}) == "a body of 0 bytes, not 5");
}

TEST_CASE("a load's responses may differ in length where it is told so") {
  CHECK(error_of(kResponse + kEmpty + kResponse, {.length = kAnyLength}) == "no error");
}

TEST_CASE("a load's response without a length ends with the stream") {
  ResponseReader reader(Options{});
  std::string_view input = "HTTP/1.1 200 OK\r\n\r\nhello";
  CHECK(reader.feed(input) == 0);
  CHECK(reader.end());
}

TEST_CASE("a load knows which connection goes on") {
  const auto is_kept = [](std::string_view response) {
    ResponseReader reader(Options{});
    static_cast<void>(reader.feed(response));
    return reader.is_kept_alive();
  };
  CHECK(is_kept(kResponse));
  CHECK_FALSE(is_kept("HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n"));
  CHECK_FALSE(is_kept("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"));
}

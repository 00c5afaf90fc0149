#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include <catch2/catch.hpp>

#include <aiopyr/clients/redis/conversion.h>
#include <aiopyr/clients/redis/protocol/reply_reader.h>
#include <aiopyr/clients/redis/streams.h>

using namespace aiopyr::redis;

namespace {

/// Reads one reply from its bytes.
Value read(std::string_view bytes) {
  ReplyReader reader;
  REQUIRE(reader.next(bytes) == ReplyReader::Status::kReply);
  return reader.take();
}

template <class T>
T converted(std::string_view bytes) {
  return convert<T>(read(bytes));
}

/// Returns what a conversion that has to fail says.
template <class T>
std::string refusal(std::string_view bytes) {
  try {
    static_cast<void>(convert<T>(read(bytes)));
  } catch (const ConversionError& error) {
    return error.what();
  }
  return "converted";
}

}  // namespace

TEST_CASE("numbers come from integers, and from strings that are some", "[redis]") {
  CHECK(converted<int>(":-5\r\n") == -5);
  CHECK(converted<std::uint8_t>("$3\r\n255\r\n") == 255);
  CHECK(converted<double>(",1.5\r\n") == 1.5);
  CHECK(converted<double>("$3\r\n1.5\r\n") == 1.5);
  CHECK(converted<double>(":2\r\n") == 2.0);
  CHECK(refusal<std::uint8_t>(":256\r\n") == "the reply is an integer, which is no unsigned char");
  CHECK(refusal<unsigned>(":-1\r\n") == "the reply is an integer, which is no unsigned int");
  CHECK(refusal<int>("$2\r\n1x\r\n") == "the reply is a bulk string, which is no int");
  CHECK(refusal<int>("_\r\n") == "the reply is null, which is no int");
}

TEST_CASE("a bool is a boolean, 0 or 1, OK, or null", "[redis]") {
  CHECK(converted<bool>("#t\r\n"));
  CHECK(converted<bool>(":1\r\n"));
  CHECK(converted<bool>("+OK\r\n"));
  CHECK_FALSE(converted<bool>(":0\r\n"));
  CHECK_FALSE(converted<bool>("$-1\r\n"));
  CHECK(refusal<bool>(":2\r\n") == "the reply is an integer, which is no bool");
  CHECK(refusal<bool>("+QUEUED\r\n") == "the reply is a simple string, which is no bool");
}

TEST_CASE("texts come from all kinds of strings, and null is no text", "[redis]") {
  CHECK(converted<std::string>("$2\r\n\r\n\r\n") == "\r\n");
  CHECK(converted<std::string>("+OK\r\n") == "OK");
  CHECK(converted<std::string>("=7\r\ntxt:abc\r\n") == "abc");
  CHECK(converted<std::optional<std::string>>("_\r\n") == std::nullopt);
  CHECK(converted<std::optional<std::string>>("$1\r\na\r\n") == "a");
  CHECK(refusal<std::string>("$-1\r\n") == "the reply is null, which is no std::string");
  CHECK(refusal<std::string>(":1\r\n") == "the reply is an integer, which is no std::string");
}

TEST_CASE("lists come from arrays and sets", "[redis]") {
  CHECK(converted<std::vector<int>>("*2\r\n:1\r\n:2\r\n") == std::vector<int>{1, 2});
  CHECK(converted<std::set<std::string>>("~2\r\n+b\r\n+a\r\n") == std::set<std::string>{"a", "b"});
  CHECK(converted<std::vector<std::optional<int>>>("*2\r\n:1\r\n_\r\n") ==
        std::vector<std::optional<int>>{1, std::nullopt});
  CHECK(refusal<std::vector<int>>("+OK\r\n").starts_with(
      "the reply is a simple string, which is no std::vector<int"));
  CHECK(refusal<std::vector<int>>("*1\r\n-WRONGTYPE x\r\n") ==
        "the reply is an error (WRONGTYPE), which is no int");
}

TEST_CASE("maps and pairs come the same from RESP2 and RESP3", "[redis]") {
  using Map = std::map<std::string, int>;
  using Pairs = std::vector<std::pair<std::string, double>>;
  CHECK(converted<Map>("%1\r\n+a\r\n:1\r\n") == Map{{"a", 1}});
  CHECK(converted<Map>("*2\r\n+a\r\n:1\r\n") == Map{{"a", 1}});
  CHECK(converted<Map>("*0\r\n").empty());
  CHECK(converted<std::unordered_map<std::string, int>>("*2\r\n+a\r\n:1\r\n").at("a") == 1);
  CHECK(converted<Pairs>("*1\r\n*2\r\n+a\r\n,1.5\r\n") == Pairs{{"a", 1.5}});
  CHECK(converted<Pairs>("*2\r\n+a\r\n$3\r\n1.5\r\n") == Pairs{{"a", 1.5}});
  CHECK(
      refusal<Map>("*3\r\n+a\r\n:1\r\n+b\r\n").starts_with("the reply is an array of 3 elements"));
  CHECK(refusal<Pairs>("*1\r\n*3\r\n+a\r\n+b\r\n+c\r\n").starts_with("the reply is an array"));
}

TEST_CASE("tuples take arrays of their size", "[redis]") {
  using Popped = std::pair<std::string, int>;
  CHECK(converted<Popped>("*2\r\n+list\r\n:5\r\n") == Popped("list", 5));
  CHECK(converted<std::optional<Popped>>("*-1\r\n") == std::nullopt);
  CHECK(refusal<Popped>("*1\r\n+list\r\n").starts_with("the reply is an array of 1 elements"));
}

TEST_CASE("the entries of streams come the same from RESP2 and RESP3", "[redis]") {
  const std::string entries = "*1\r\n*2\r\n$3\r\n1-1\r\n*2\r\n+kind\r\n+mail\r\n";
  for (const std::string_view head : {"%1\r\n$1\r\ns\r\n", "*1\r\n*2\r\n$1\r\ns\r\n"}) {
    const auto streams = converted<StreamEntries>(std::string(head) + entries);
    REQUIRE(streams.at("s").size() == 1);
    CHECK(streams.at("s")[0].id == "1-1");
    CHECK(streams.at("s")[0].fields[0].second == "mail");
  }
  // One that was deleted.
  CHECK(converted<StreamEntry>("*2\r\n$3\r\n1-1\r\n$-1\r\n").fields.empty());
}

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <aiopyr/clients/redis/protocol/command.h>

using namespace aiopyr::redis;

namespace {

std::string written(const Command& command) {
  std::string out;
  command.append_to(out);
  return out;
}

}  // namespace

TEST_CASE("a command is an array of bulk strings", "[redis]") {
  CHECK(written(Command("GET", "key")) == "*2\r\n$3\r\nGET\r\n$3\r\nkey\r\n");
  CHECK(written(Command("SET", std::string("a\r\nb"), "")) ==
        "*3\r\n$3\r\nSET\r\n$4\r\na\r\nb\r\n$0\r\n\r\n");
}

TEST_CASE("numbers are written so that they read back as the same", "[redis]") {
  CHECK(written(Command("X", -7)) == "*2\r\n$1\r\nX\r\n$2\r\n-7\r\n");
  CHECK(written(Command("X", 18446744073709551615ULL)) ==
        "*2\r\n$1\r\nX\r\n$20\r\n18446744073709551615\r\n");
  CHECK(written(Command("X", 0.1)) == "*2\r\n$1\r\nX\r\n$3\r\n0.1\r\n");
}

TEST_CASE("ranges and pairs add each of their elements, octets are one argument", "[redis]") {
  const std::vector<std::string> keys{"a", "b"};
  const std::map<std::string, int> fields{{"x", 1}, {"y", 2}};
  const std::vector<std::byte> octets{std::byte{0}, std::byte{'z'}};
  CHECK(written(Command("DEL", keys)) == "*3\r\n$3\r\nDEL\r\n$1\r\na\r\n$1\r\nb\r\n");
  CHECK(written(Command("HSET", "h", fields)) ==
        "*6\r\n$4\r\nHSET\r\n$1\r\nh\r\n$1\r\nx\r\n$1\r\n1\r\n$1\r\ny\r\n$1\r\n2\r\n");
  CHECK(written(Command("SET", "k", octets)) ==
        std::string("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$2\r\n") + std::string("\0z\r\n", 4));
}

TEST_CASE("a command's name is found in any case", "[redis]") {
  CHECK(Command("get", "k").name() == "GET");
  CHECK(Command("XReadGroup").name() == "XREADGROUP");
  CHECK(Command("MODULE.THING").name() == "other");
  CHECK(Command(std::string(1000, 'A')).name() == "other");
}

TEST_CASE("commands that other users of the connection would notice are refused", "[redis]") {
  for (const char* const name :
       {"SUBSCRIBE", "multi", "BLPOP", "SELECT", "AUTH", "MONITOR", "HELLO", "RESET", "QUIT",
        "WATCH", "WAIT", "PSYNC", "Exec", "SSUBSCRIBE"}) {
    CAPTURE(name);
    CHECK_FALSE(Command(name).refusal_on_shared().empty());
  }
  CHECK_FALSE(Command("CLIENT", "reply", "OFF").refusal_on_shared().empty());
  CHECK_FALSE(Command("CLIENT", "TRACKING", "ON").refusal_on_shared().empty());
  CHECK_FALSE(Command("XREAD", "block", 0, "STREAMS", "s", "$").refusal_on_shared().empty());
  CHECK(Command("XREAD", "COUNT", 1, "STREAMS", "s", "0").refusal_on_shared().empty());
  CHECK(Command("CLIENT", "ID").refusal_on_shared().empty());
  CHECK(Command("GET", "BLOCK").refusal_on_shared().empty());
  CHECK(Command("UNKNOWN.COMMAND").refusal_on_shared().empty());
}

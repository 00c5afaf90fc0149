#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/unit/support/redis_replies.h"

using namespace aiopyr::redis;
using aiopyr::redis::testing::read_all;

namespace {

struct Sample {
  std::string_view bytes;
  std::string_view shown;
};

const std::vector<Sample> kSamples = {
    {"+OK\r\n", "+OK\n"},
    {"+\r\n", "+\n"},
    {"-ERR no such key\r\n", "-ERR no such key\n"},
    {":0\r\n", "0\n"},
    {":-9223372036854775808\r\n", "-9223372036854775808\n"},
    {":+7\r\n", "7\n"},
    {"$0\r\n\r\n", "\"\"\n"},
    {"$5\r\na\r\nbc\r\n", "\"a\r\nbc\"\n"},
    {"$-1\r\n", "null\n"},
    {"*-1\r\n", "null\n"},
    {"_\r\n", "null\n"},
    {"*0\r\n", "[]\n"},
    {"*2\r\n$1\r\na\r\n*1\r\n:5\r\n", "[\"a\" [5]]\n"},
    {"*3\r\n$-1\r\n-WRONGTYPE bad\r\n+OK\r\n", "[null -WRONGTYPE bad +OK]\n"},
    {"#t\r\n#f\r\n", "true\nfalse\n"},
    {",1.5\r\n,-inf\r\n,10\r\n,1e3\r\n", "d:1.500000\nd:-inf\nd:10.000000\nd:1000.000000\n"},
    {"(-3492890328409238509324850943850943825024385\r\n",
     "big:-3492890328409238509324850943850943825024385\n"},
    {"=8\r\ntxt:abcd\r\n", "txt:abcd\n"},
    {"!9\r\nERR wrong\r\n", "-ERR wrong\n"},
    {"%2\r\n+a\r\n:1\r\n+b\r\n%0\r\n", "{+a 1 +b {}}\n"},
    {"~2\r\n+a\r\n+b\r\n", "(+a +b)\n"},
    {">2\r\n+message\r\n$1\r\nx\r\n+OK\r\n", "<+message \"x\">\n+OK\n"},
    {"|1\r\n+ttl\r\n:3600\r\n*2\r\n|1\r\n+x\r\n*0\r\n:1\r\n:2\r\n", "[1 2]\n"},
    {"|0\r\n+OK\r\n", "+OK\n"},
};

struct Fault {
  std::string_view bytes;
  ReplyFault fault;
};

const std::vector<Fault> kFaults = {
    {"HTTP/1.1 400 Bad Request\r\n", ReplyFault::kUnknownType},
    {"\r\n", ReplyFault::kMissingLineEnd},
    {"+OK\n", ReplyFault::kMissingLineEnd},
    {"$?\r\n", ReplyFault::kBadLength},
    {"$-2\r\n", ReplyFault::kBadLength},
    {"$\r\n", ReplyFault::kBadLength},
    {"$1x\r\n", ReplyFault::kBadLength},
    {"$99999999999999999999\r\n", ReplyFault::kBadLength},
    {"$9223372036854775807\r\n", ReplyFault::kTooLong},
    {"*9223372036854775807\r\n", ReplyFault::kTooManyElements},
    {"%4611686018427387904\r\n", ReplyFault::kTooManyElements},
    {"%-1\r\n", ReplyFault::kBadLength},
    {"$1\r\nabc", ReplyFault::kMissingLineEnd},
    {"$1\r\na\rb", ReplyFault::kMissingLineEnd},
    {":\r\n", ReplyFault::kBadNumber},
    {":1.5\r\n", ReplyFault::kBadNumber},
    {":+-1\r\n", ReplyFault::kBadNumber},
    {":9223372036854775808\r\n", ReplyFault::kBadNumber},
    {",one\r\n", ReplyFault::kBadNumber},
    {"(12a\r\n", ReplyFault::kBadNumber},
    {"(-\r\n", ReplyFault::kBadNumber},
    {"#x\r\n", ReplyFault::kBadBoolean},
    {"_x\r\n", ReplyFault::kBadNull},
    {"=3\r\ntxt\r\n", ReplyFault::kBadVerbatim},
    {"=4\r\ntext\r\n", ReplyFault::kBadVerbatim},
    {"=-1\r\n", ReplyFault::kBadLength},
    {"*1\r\n>1\r\n+a\r\n", ReplyFault::kMisplacedPush},
};

/// Returns a random reply of RESP3, valid in any nesting.
std::string random_reply(std::mt19937& random, int depth) {
  const auto below = [&](unsigned limit) { return static_cast<unsigned>(random()) % limit; };
  const auto elements = [&](char type, unsigned count, unsigned each) {
    std::string text = type + std::to_string(count) + "\r\n";
    for (unsigned i = 0; i < count * each; ++i) text += random_reply(random, depth - 1);
    return text;
  };
  switch (below(depth > 0 ? 12 : 8)) {
    case 0:
      return ":" + std::to_string(static_cast<int>(random())) + "\r\n";
    case 1:
      return "_\r\n";
    case 2:
      return "#t\r\n";
    case 3:
      return ",2.25\r\n";
    case 4:
      return "+OK\r\n";
    case 5:
      return "-ERR wrong\r\n";
    case 6:
      return "(123456789012345678901234567890\r\n";
    case 7: {
      const unsigned size = below(40);
      return "$" + std::to_string(size) + "\r\n" + std::string(size, '\n') + "\r\n";
    }
    case 8:
      return elements('*', below(4), 1);
    case 9:
      return elements('~', below(4), 1);
    case 10:
      return elements('%', below(3), 2);
    default:
      return elements('|', below(2), 2) + random_reply(random, depth - 1);
  }
}

}  // namespace

TEST_CASE("each type of reply is read in whatever pieces it comes", "[redis]") {
  for (const auto& [bytes, shown] : kSamples) {
    CAPTURE(bytes);
    for (std::size_t step = 1; step <= bytes.size(); ++step) {
      CAPTURE(step);
      CHECK(read_all(bytes, step) == shown);
    }
  }
}

TEST_CASE("a reply that is cut off anywhere wants more", "[redis]") {
  for (const auto& [bytes, shown] : kSamples) {
    if (shown.find('\n') + 1 != shown.size()) continue;  // one reply only
    for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
      CAPTURE(bytes, cut);
      const std::string got = read_all(bytes.substr(0, cut));
      CHECK((got == "...\n" || bytes.starts_with('|') || shown.find("a\r\nbc") != shown.npos));
      CHECK(got.find('!') == got.npos);
    }
  }
}

TEST_CASE("what RESP does not allow is a fault, in whatever pieces it comes", "[redis]") {
  for (const auto& [bytes, fault] : kFaults) {
    CAPTURE(bytes);
    for (std::size_t step = 1; step <= bytes.size(); ++step) {
      CAPTURE(step);
      CHECK(read_all(bytes, step) == "! " + std::string(describe(fault)) + "\n");
    }
  }
}

TEST_CASE("a reader that has met a fault reads nothing further", "[redis]") {
  ReplyReader reader;
  std::string_view input = "?\r\n+OK\r\n";
  CHECK(reader.next(input) == ReplyReader::Status::kFault);
  CHECK(reader.next(input) == ReplyReader::Status::kFault);
  CHECK(reader.fault() == ReplyFault::kUnknownType);
}

TEST_CASE("limits hold for lines, bytes, elements and depth of one reply", "[redis]") {
  const ReplyLimits limits{.line = 16, .bytes = 64, .elements = 4, .depth = 3};
  const auto fault = [&](const std::string& bytes, std::size_t step) {
    return read_all(bytes, step, limits);
  };
  const auto said = [](ReplyFault wrong) { return "! " + std::string(describe(wrong)) + "\n"; };
  for (const std::size_t step : {std::size_t{1}, std::size_t{7}, std::string::npos}) {
    CAPTURE(step);
    CHECK(fault("+" + std::string(20, 'x') + "\r\n", step) == said(ReplyFault::kLineTooLong));
    CHECK(fault("+" + std::string(20, 'x'), step) == said(ReplyFault::kLineTooLong));
    CHECK(fault("$65\r\n", step) == said(ReplyFault::kTooLong));
    CHECK(fault("*2\r\n$40\r\n" + std::string(40, 'x') + "\r\n$40\r\n" + std::string(40, 'x'),
                step) == said(ReplyFault::kTooLong));
    CHECK(fault("*5\r\n", step) == said(ReplyFault::kTooManyElements));
    CHECK(fault("*3\r\n*2\r\n:1\r\n:1\r\n:1\r\n:1\r\n", step) ==
          said(ReplyFault::kTooManyElements));
    CHECK(fault("*1\r\n*1\r\n*1\r\n*1\r\n", step) == said(ReplyFault::kTooDeep));
    // Each reply has the limits of its own.
    CHECK(fault("*1\r\n*1\r\n*1\r\n:1\r\n*1\r\n*1\r\n*1\r\n:1\r\n", step) == "[[[1]]]\n[[[1]]]\n");
  }
}

TEST_CASE("a depth bomb is refused as soon as it is too deep", "[redis]") {
  std::string bomb;
  for (int i = 0; i < 100'000; ++i) bomb += "*1\r\n";
  CHECK(read_all(bomb) == "! " + std::string(describe(ReplyFault::kTooDeep)) + "\n");
}

TEST_CASE("an announced length reserves no memory before its bytes come", "[redis]") {
  ReplyReader reader;
  std::string_view input = "*4000000\r\n$500000000\r\nx";
  CHECK(reader.next(input) == ReplyReader::Status::kNeedsMore);
  CHECK(input.empty());
}

TEST_CASE("random replies are the same however they are cut", "[redis]") {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    std::string stream;
    for (int i = 0; i < 4; ++i) stream += random_reply(random, 4);
    const std::string whole = read_all(stream);
    CAPTURE(stream);
    REQUIRE(whole.find('!') == std::string::npos);
    REQUIRE(read_all(stream, 1) == whole);
    REQUIRE(read_all(stream, 1 + random() % 30) == whole);
  }
}

TEST_CASE("garbage is read or refused, the same however it is cut", "[redis]") {
  std::mt19937 random(11);
  const std::string_view letters = "*$+-:_,#(!=%~>|0123456789\r\n\r\ntxt";
  for (int round = 0; round < 3000; ++round) {
    std::string stream = round % 2 == 0 ? "" : random_reply(random, 3);
    for (int i = 0; i < 20; ++i) stream += letters[random() % letters.size()];
    CAPTURE(stream);
    REQUIRE(read_all(stream, 1) == read_all(stream));
  }
}

TEST_CASE("the code of an error is its first word, if that is one", "[redis]") {
  CHECK(error_code("WRONGTYPE Operation against a key") == "WRONGTYPE");
  CHECK(error_code("NOAUTH") == "NOAUTH");
  CHECK(error_code("Error compiling script") == "ERR");
  CHECK(error_code("") == "ERR");
}

#include <hiredis/hiredis.h>
#include <memory>
#include <random>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include "tests/unit/support/redis_replies.h"

using namespace aiopyr::redis;

// RESP2 as hiredis' reader reads it, and as ours does.

namespace {

std::string shown_reply(const redisReply& reply) {
  switch (reply.type) {
    case REDIS_REPLY_STRING:
      return "\"" + std::string(reply.str, reply.len) + "\"";
    case REDIS_REPLY_STATUS:
      return "+" + std::string(reply.str, reply.len);
    case REDIS_REPLY_ERROR:
      return "-" + std::string(reply.str, reply.len);
    case REDIS_REPLY_INTEGER:
      return std::to_string(reply.integer);
    case REDIS_REPLY_NIL:
      return "null";
    default:
      break;
  }
  std::string text = "[";
  for (std::size_t i = 0; i < reply.elements; ++i) {
    text += (i > 0 ? " " : "") + shown_reply(*reply.element[i]);
  }
  return text + "]";
}

/// Reads a stream with hiredis, as read_all() does with ours.
std::string read_with_hiredis(std::string_view stream) {
  const std::unique_ptr<redisReader, void (*)(redisReader*)> reader(redisReaderCreate(),
                                                                    redisReaderFree);
  redisReaderFeed(reader.get(), stream.data(), stream.size());
  std::string text;
  for (;;) {
    void* reply = nullptr;
    if (redisReaderGetReply(reader.get(), &reply) != REDIS_OK) return text + "!\n";
    if (reply == nullptr) return text;
    text += shown_reply(*static_cast<redisReply*>(reply)) + "\n";
    freeReplyObject(reply);
  }
}

/// Returns a random reply of RESP2, nested as deeply as hiredis can read.
std::string random_resp2(std::mt19937& random, int depth) {
  const auto number = [&] { return std::to_string(static_cast<int>(random())); };
  std::string text;
  switch (random() % (depth > 0 ? 7 : 5)) {
    case 0:
      return ":" + number() + "\r\n";
    case 1:
      return "+status " + number() + "\r\n";
    case 2:
      return "-ERR " + number() + "\r\n";
    case 3:
      return random() % 2 == 0 ? "$-1\r\n" : "*-1\r\n";
    case 4: {
      const std::size_t size = random() % 3000;
      text = "$" + std::to_string(size) + "\r\n";
      for (std::size_t i = 0; i < size; ++i) text += static_cast<char>(random());
      return text + "\r\n";
    }
    default:
      break;
  }
  const std::size_t count = random() % 5;
  text = "*" + std::to_string(count) + "\r\n";
  for (std::size_t i = 0; i < count; ++i) text += random_resp2(random, depth - 1);
  return text;
}

}  // namespace

TEST_CASE("RESP2 is read as hiredis reads it", "[redis][hiredis]") {
  std::mt19937 random(3);
  for (int round = 0; round < 500; ++round) {
    std::string stream;
    for (int i = 0; i < 5; ++i) stream += random_resp2(random, 5);
    REQUIRE(aiopyr::redis::testing::read_all(stream) == read_with_hiredis(stream));
  }
}

TEST_CASE("what hiredis refuses is refused", "[redis][hiredis]") {
  for (const std::string_view stream :
       {"?\r\n", "*-2\r\n", "$x\r\n", "$-2\r\n", ":1x\r\n", "*1\r\n^\r\n"}) {
    CAPTURE(stream);
    const std::string ours = aiopyr::redis::testing::read_all(stream);
    // hiredis 0.14 takes `:1x` for 1, and 1.2 refuses it.
    if (stream != ":1x\r\n") CHECK(read_with_hiredis(stream) == "!\n");
    CHECK(ours.starts_with('!'));
  }
}

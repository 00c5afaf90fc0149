#include <string>
#include <thread>
#include <utility>

#include <catch2/catch.hpp>

#include <aiopyr/websocket/message.h>
#include <aiopyr/websocket/protocol/message_memory.h>

namespace aiopyr::websocket {
namespace {

using detail::take_message_memory;

/// Returns where it was, to be compared only.
const void* destroy_message_of(std::size_t size) {
  const Message message(std::string(size, 'x'));
  return message.str().data();
}

TEST_CASE("The memory of a long message is there for the next one of about its size") {
  const void* const place = destroy_message_of(10'000);
  const std::string memory = take_message_memory(9'000);
  CHECK(memory.empty());
  CHECK(memory.capacity() >= 9'000);
  CHECK(static_cast<const void*>(memory.data()) == place);
  CHECK(take_message_memory(9'000).capacity() < 100);
}

TEST_CASE("A message that is longer, or much shorter, has memory of its own") {
  destroy_message_of(10'000);
  CHECK(take_message_memory(10'001).capacity() < 100);
  CHECK(take_message_memory(4'500).capacity() < 100);
  CHECK(take_message_memory(10'000).capacity() >= 10'000);
}

TEST_CASE("The memory of short and of very long messages is not kept") {
  static_cast<void>(take_message_memory(10'000));
  destroy_message_of(4'000);
  destroy_message_of(200'000);
  CHECK(take_message_memory(4'000).capacity() < 100);
  CHECK(take_message_memory(200'000).capacity() < 100);
}

TEST_CASE("A message that was moved from, and a string that was taken out, keep nothing") {
  static_cast<void>(take_message_memory(10'000));
  std::string taken;
  {
    Message message(std::string(10'000, 'x'));
    Message moved = std::move(message);
    taken = std::move(moved).str();
  }
  CHECK(taken == std::string(10'000, 'x'));
  CHECK(take_message_memory(10'000).capacity() < 100);
}

TEST_CASE("A message may be destroyed when its thread has nearly ended") {
  std::thread([] {
    // Destroyed after whatever the first long message sets up.
    thread_local Message last;
    destroy_message_of(10'000);
    last = Message(std::string(10'000, 'y'));
  }).join();
}

}  // namespace
}  // namespace aiopyr::websocket

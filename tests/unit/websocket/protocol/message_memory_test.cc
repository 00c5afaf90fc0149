#include <string>
#include <thread>
#include <utility>

#include <catch2/catch.hpp>

#include <aiopyr/websocket/messages/message.h>
#include <aiopyr/websocket/protocol/message_memory.h>

namespace aiopyr::websocket {
namespace {

using detail::take_message_memory;

/// Returns its former address, only for comparison.
const void* destroy_message_of(std::size_t size) {
  const Message message(std::string(size, 'x'));
  return message.str().data();
}

/// Acts as a thread that has received a message of that size.
void receive(std::size_t size) { static_cast<void>(take_message_memory(size)); }

TEST_CASE("The memory of a long message is there for the next one of about its size") {
  receive(10'000);
  const void* const place = destroy_message_of(10'000);
  const std::string memory = take_message_memory(9'000);
  CHECK(memory.empty());
  CHECK(memory.capacity() >= 9'000);
  CHECK(static_cast<const void*>(memory.data()) == place);
  CHECK(take_message_memory(9'000).capacity() < 100);
}

TEST_CASE("A message that is longer, or much shorter, has memory of its own") {
  receive(10'000);
  destroy_message_of(10'000);
  CHECK(take_message_memory(10'001).capacity() < 100);
  CHECK(take_message_memory(4'500).capacity() < 100);
  CHECK(take_message_memory(10'000).capacity() >= 10'000);
}

TEST_CASE(
    "Memory that the last message could not have used is not kept, in place of one that could") {
  receive(10'000);
  destroy_message_of(10'000);
  destroy_message_of(30'000);
  destroy_message_of(5'000);
  CHECK(take_message_memory(10'000).capacity() >= 10'000);
}

TEST_CASE("The memory of very long messages is not kept") {
  receive(200'000);
  destroy_message_of(200'000);
  CHECK(take_message_memory(200'000).capacity() < 100);
}

TEST_CASE("A thread that receives no messages keeps no memory of theirs") {
  std::thread([] {
    destroy_message_of(10'000);
    CHECK(take_message_memory(10'000).capacity() < 100);
  }).join();
}

TEST_CASE("A message that was moved from, and a string that was taken out, keep nothing") {
  receive(10'000);
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
    // Destroyed after everything that the first long message sets up.
    thread_local Message last;
    receive(10'000);
    destroy_message_of(10'000);
    last = Message(std::string(10'000, 'y'));
  }).join();
}

}  // namespace
}  // namespace aiopyr::websocket

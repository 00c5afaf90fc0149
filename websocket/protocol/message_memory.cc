#include <utility>

#include <aiopyr/websocket/protocol/message_memory.h>

namespace aiopyr::websocket::detail {

namespace {

thread_local bool thread_ends = false;

/// Messages may be destroyed behind it, while their thread ends.
struct KeptMemory {
  ~KeptMemory() { thread_ends = true; }
  std::string memory;
};

thread_local KeptMemory kept;

}  // namespace

std::string take_message_memory(std::size_t size) noexcept {
  if (thread_ends || kept.memory.capacity() < size || kept.memory.capacity() / 2 > size) return {};
  return std::exchange(kept.memory, {});
}

void keep_message_memory(std::string& message) noexcept {
  std::string memory = std::move(message);
  if (thread_ends || memory.capacity() < kShortestKept || memory.capacity() > kLongestKept) return;
  memory.clear();
  kept.memory = std::move(memory);
}

}  // namespace aiopyr::websocket::detail

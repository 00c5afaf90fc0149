#include <utility>

#include <aiopyr/websocket/protocol/message_memory.h>

namespace aiopyr::websocket::detail {

namespace {

thread_local bool thread_ends = false;

/// Messages may be destroyed behind it, while their thread ends.
struct KeptMemory {
  ~KeptMemory() { thread_ends = true; }
  std::string memory;
  std::size_t wanted = 0;  // by the last message that came; 0 in threads that receive none
};

thread_local KeptMemory kept;

/// Enough, and not so much that whoever keeps the message would wonder.
bool fits(const std::string& memory, std::size_t size) noexcept {
  return memory.capacity() >= size && memory.capacity() / 2 <= size;
}

}  // namespace

std::string take_message_memory(std::size_t size) noexcept {
  if (thread_ends) return {};
  kept.wanted = size;
  return fits(kept.memory, size) ? std::exchange(kept.memory, {}) : std::string();
}

void keep_message_memory(std::string& message) noexcept {
  std::string memory = std::move(message);
  if (thread_ends || memory.capacity() > kLongestKept || !fits(memory, kept.wanted)) return;
  memory.clear();
  kept.memory = std::move(memory);
}

}  // namespace aiopyr::websocket::detail

#include <utility>

#include <aiopyr/websocket/protocol/message_memory.h>

namespace aiopyr::websocket::detail {

namespace {

thread_local bool thread_ends = false;

/// This thread's memory. Messages may be destroyed after it, while their thread ends.
struct KeptMemory {
  ~KeptMemory() { thread_ends = true; }
  std::string memory;
  std::size_t wanted = 0;  // size of the last message that came; 0 in threads that receive none
};

thread_local KeptMemory kept;

/// Returns whether the memory is large enough for a message, and at most twice as large.
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

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <aiopyr/runtime/async/transport/transport.h>

namespace aiopyr::plugin {

/// Short responses that are written down, and have not left yet: one, or those to requests that a
/// client has sent without waiting for answers. On the loop's thread.
class HeldBytes {
 public:
  /// The most bytes, heads included. What is longer has its own memory, and no time to lose.
  static constexpr std::size_t kMost = 4096;

  HeldBytes() noexcept = default;
  ~HeldBytes() { drop(); }
  HeldBytes(const HeldBytes&) = delete;
  HeldBytes& operator=(const HeldBytes&) = delete;

  [[nodiscard]] bool empty() const noexcept { return bytes_ == nullptr; }
  /// Returns whether so many more bytes may be added.
  [[nodiscard]] bool has_room_for(std::size_t bytes) const noexcept {
    return size_ + bytes <= kMost;
  }
  /// Adds head and body of a response. Requires: has_room_for() them. Returns false, with nothing
  /// done, where there is no memory.
  [[nodiscard]] bool add(std::string_view head, std::string_view body) noexcept;

  enum class Outcome { kAll, kSome, kFailed };

  /// Sends what the client takes at once. Nothing is held afterwards but after kSome. Requires: not
  /// empty.
  [[nodiscard]] Outcome send(Transport& stream) noexcept;

  /// Gives away what has not left, with `more` behind it; empty where all has. Throws
  /// std::bad_alloc, with nothing done.
  [[nodiscard]] std::string take(std::string_view more = {});

 private:
  void drop() noexcept;

  char* bytes_ = nullptr;  // of kMost
  std::size_t size_ = 0;
  std::size_t sent_ = 0;  // of them
};

}  // namespace aiopyr::plugin

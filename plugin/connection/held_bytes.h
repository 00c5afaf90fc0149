#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <aiopyr/runtime/async/transport/transport.h>

namespace aiopyr::plugin {

/// Short responses that are serialized and have not been sent yet: one, or those to the requests
/// that a client has pipelined. On the loop's thread.
class HeldBytes {
 public:
  /// The most bytes, heads included. A longer response has its own memory, and is sent at once.
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
  /// Adds head and body of a response. Requires: has_room_for() them. Returns false, without any
  /// change, if there is no memory.
  [[nodiscard]] bool add(std::string_view head, std::string_view body) noexcept;

  enum class Outcome { kAll, kSome, kFailed };

  /// Sends as much as the client takes at once. Afterwards bytes are held only after kSome.
  /// Requires: not empty.
  [[nodiscard]] Outcome send(Transport& stream) noexcept;

  /// Gives away the unsent rest, followed by `more`; empty if all has left. Throws std::bad_alloc,
  /// without any change.
  [[nodiscard]] std::string take(std::string_view more = {});

 private:
  void drop() noexcept;

  char* bytes_ = nullptr;  // of kMost bytes
  std::size_t size_ = 0;
  std::size_t sent_ = 0;  // how many of them were sent
};

}  // namespace aiopyr::plugin

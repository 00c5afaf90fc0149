#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

/// Bytes to be sent to a peer: appended at one end, written from the other. Used by one connection,
/// in its context. A buffer with nothing to send takes two words; memory is lent to it while it
/// needs it.
/// the memory that it needs for a while.
namespace aiopyr::websocket {

class OutputBuffer {
 public:
  /// Returns the string to append to.
  [[nodiscard]] std::string& tail() {
    if (bytes_) {
      compact();
    } else {
      bytes_ = std::make_unique<std::string>();
    }
    return *bytes_;
  }

  /// Returns the bytes that are not written yet.
  [[nodiscard]] std::string_view pending() const noexcept {
    return bytes_ ? std::string_view(*bytes_).substr(written_) : std::string_view();
  }
  [[nodiscard]] std::size_t size() const noexcept { return bytes_ ? bytes_->size() - written_ : 0; }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }

  /// Called when the first `count` pending bytes were written.
  void consume(std::size_t count) noexcept {
    written_ += count;
    if (!empty()) return;
    if (bytes_) bytes_->clear();
    written_ = 0;
  }

  [[nodiscard]] bool has_memory() const noexcept { return bytes_ != nullptr; }

  /// Appends to `spare`, an empty string, from now on; null: it allocates its own. Requires: no
  /// memory.
  void lend(std::unique_ptr<std::string> spare) noexcept { bytes_ = std::move(spare); }

  /// Returns the memory for other connections if nothing is pending. Otherwise returns null, and
  /// shrinks to a few times the pending bytes; each byte is moved a few times at most.
  [[nodiscard]] std::unique_ptr<std::string> give_back() noexcept {
    if (empty()) {
      written_ = 0;
      return std::move(bytes_);
    }
    if (bytes_->capacity() > kSlack + 4 * size()) {
      bytes_->erase(0, std::exchange(written_, 0));
      bytes_->shrink_to_fit();
    }
    return nullptr;
  }

  /// Frees everything.
  void release() noexcept {
    bytes_.reset();
    written_ = 0;
  }

 private:
  static constexpr std::size_t kSlack = 1024;

  /// Moves the pending part to the front once it is the smaller one, so that each byte is moved
  /// less than once on average, and a buffer that never runs empty does not grow for ever.
  void compact() {
    if (written_ <= bytes_->size() / 2) return;
    bytes_->erase(0, written_);
    written_ = 0;
  }

  std::unique_ptr<std::string> bytes_;
  std::size_t written_ = 0;
};

}  // namespace aiopyr::websocket

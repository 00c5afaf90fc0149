#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Bytes on their way to a peer: appended at one end, written from the other.
/// Used by one connection, in its context. Empty, it may lend its memory to another.
namespace aiopyr::websocket {

class OutputBuffer {
 public:
  /// To append to.
  [[nodiscard]] std::string& tail() {
    compact();
    return bytes_;
  }

  /// What is not written yet.
  [[nodiscard]] std::string_view pending() const noexcept {
    return std::string_view(bytes_).substr(written_);
  }
  [[nodiscard]] std::size_t size() const noexcept { return bytes_.size() - written_; }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }

  /// The first `count` pending bytes were written.
  void consume(std::size_t count) noexcept {
    written_ += count;
    if (!empty()) return;
    bytes_.clear();
    written_ = 0;
  }

  /// Takes over the memory of `scratch`, which has no content. Requires: empty.
  void borrow(std::string& scratch) noexcept { bytes_.swap(scratch); }

  /// Gives the memory back, and keeps what is pending in memory of its own.
  void give_back(std::string& scratch) {
    std::string rest(pending());
    bytes_.clear();
    bytes_.swap(scratch);
    bytes_.swap(rest);
    written_ = 0;
  }

  /// Frees everything.
  void release() noexcept {
    std::string().swap(bytes_);
    written_ = 0;
  }

 private:
  /// Moves the pending part to the front once it is the smaller one, so that each byte is moved
  /// less than once on average, and a buffer that never runs empty does not grow for ever.
  void compact() {
    if (written_ <= bytes_.size() / 2) return;
    bytes_.erase(0, written_);
    written_ = 0;
  }

  std::string bytes_;
  std::size_t written_ = 0;
};

}  // namespace aiopyr::websocket

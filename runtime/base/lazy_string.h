#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace aiopyr {

/// A string that is nearly always empty, for objects of which there are very many: an empty one
/// costs a pointer. One thread at a time.
class LazyString {
 public:
  LazyString() = default;
  explicit LazyString(std::string text) { assign(std::move(text)); }

  [[nodiscard]] bool empty() const noexcept { return !text_ || text_->empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return text_ ? text_->size() : 0; }
  [[nodiscard]] std::string_view view() const noexcept {
    return text_ ? std::string_view(*text_) : std::string_view();
  }
  /// Returns the bytes that it holds on the heap.
  [[nodiscard]] std::size_t memory() const noexcept {
    return text_ ? sizeof(std::string) + text_->capacity() + 1 : 0;
  }

  /// Returns the string to be changed. It stays allocated until clear() or take().
  [[nodiscard]] std::string& get() {
    if (!text_) text_ = std::make_unique<std::string>();
    return *text_;
  }
  void assign(std::string text) {
    if (text.empty()) {
      clear();
    } else {
      get() = std::move(text);
    }
  }
  void clear() noexcept { text_.reset(); }
  /// Moves the content out and leaves it empty.
  [[nodiscard]] std::string take() {
    std::string text;
    if (text_) text.swap(*text_);
    text_.reset();
    return text;
  }

 private:
  std::unique_ptr<std::string> text_;
};

}  // namespace aiopyr

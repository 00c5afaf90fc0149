#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace aiopyr {

class MultiView;

namespace detail {

/// The views that may answer a request, in the order in which they are tried. There are hardly ever
/// more than two; the first few need no heap memory.
class FoundViews {
 public:
  void push_back(const MultiView* view) {
    if (count_ < first_.size()) {
      first_[count_] = view;
    } else {
      if (many_.empty()) many_.assign(first_.begin(), first_.end());
      many_.push_back(view);
    }
    ++count_;
  }

  [[nodiscard]] const MultiView* const* begin() const noexcept {
    return many_.empty() ? first_.data() : many_.data();
  }
  [[nodiscard]] const MultiView* const* end() const noexcept { return begin() + count_; }
  [[nodiscard]] bool empty() const noexcept { return count_ == 0; }

 private:
  std::array<const MultiView*, 4> first_;
  std::size_t count_ = 0;
  std::vector<const MultiView*> many_;  // all of them, once they do not fit into first_
};

}  // namespace detail

}  // namespace aiopyr

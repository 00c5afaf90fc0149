#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace jobs {

/// One page of a list. Pages are numbered from 1; an empty list has one.
struct Paging {
  std::int64_t page = 1;
  std::int64_t count = 0;  ///< of all pages' items

  static constexpr std::int64_t kSize = 10;

  [[nodiscard]] std::int64_t pages() const noexcept {
    return count <= kSize ? 1 : (count + kSize - 1) / kSize;
  }
  [[nodiscard]] std::int64_t offset() const noexcept { return (page - 1) * kSize; }
};

/// Returns the number in a parameter `page`; nullopt for what is no number from 1 on. A number that
/// is too large for any list is the largest one.
[[nodiscard]] std::optional<std::int64_t> page_number(const std::string& text) noexcept;

}  // namespace jobs

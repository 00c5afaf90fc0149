#include "paging.h"

#include <algorithm>

#include <aiopyr/runtime/base/parse_number.h>

namespace jobs {

std::optional<std::int64_t> page_number(const std::string& text) noexcept {
  constexpr std::int64_t kLargest = 1'000'000'000;
  const bool is_number = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
  if (!is_number) return std::nullopt;
  const auto number = aiopyr::parse_number<std::int64_t>(text).value_or(kLargest);
  if (number == 0) return std::nullopt;
  return std::min(number, kLargest);
}

}  // namespace jobs

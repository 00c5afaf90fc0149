#pragma once

#include <cstdint>
#include <string>

#include <aiopyr/runtime/base/parse_number.h>

namespace shared {

/// Returns the number in a userid; 0, which is no user's, for one that the app has not issued.
[[nodiscard]] inline std::int64_t to_id(const std::string& userid) noexcept {
  return aiopyr::parse_number<std::int64_t>(userid).value_or(0);
}

}  // namespace shared

#pragma once

#include <string>
#include <string_view>

namespace shared {

/// Converts the line ends of a browser's form to plain ones.
[[nodiscard]] std::string normalize_lines(std::string_view text);

}  // namespace shared

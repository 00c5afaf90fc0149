#pragma once

#include <string>
#include <string_view>

namespace aiopyr {

/// Returns `text` in a form that fits on one line of a log: line ends become `\n` and `\r`, other
/// control characters spaces, so that no client can write a line of its own.
[[nodiscard]] std::string one_line(std::string_view text);

}  // namespace aiopyr

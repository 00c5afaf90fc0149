#pragma once

#include <string>
#include <string_view>

namespace aiopyr {

/// `text` fit for one line of a log: line ends as `\n` and `\r`, other control characters as
/// spaces, so that no client writes a line of its own.
[[nodiscard]] std::string one_line(std::string_view text);

}  // namespace aiopyr

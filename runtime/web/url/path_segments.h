#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace aiopyr {

/// Splits a decoded path as pyramid.traversal.split_path_info does: empty segments and `.` are
/// dropped, `..` takes the segment before it away, and never leaves the root. Any thread.
[[nodiscard]] std::vector<std::string> split_path_info(std::string_view path);

}  // namespace aiopyr

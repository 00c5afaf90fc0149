#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace aiopyr {

/// Splits a decoded path as pyramid.traversal.split_path_info does: drops empty segments and `.`;
/// `..` removes the segment before it, and never leaves the root. Any thread.
[[nodiscard]] std::vector<std::string> split_path_info(std::string_view path);

}  // namespace aiopyr

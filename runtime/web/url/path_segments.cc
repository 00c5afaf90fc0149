#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/web/url/path_segments.h>

namespace aiopyr {

std::vector<std::string> split_path_info(std::string_view path) {
  std::vector<std::string> segments;
  while (!path.empty()) {
    const std::string_view segment = take_until(path, '/');
    if (segment.empty() || segment == ".") continue;
    if (segment != "..") {
      segments.emplace_back(segment);
    } else if (!segments.empty()) {
      segments.pop_back();
    }
  }
  return segments;
}

}  // namespace aiopyr

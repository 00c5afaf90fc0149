// Checks that any bytes as a request's path are decoded or an HTTP exception; a decoded path is
// quoted back to the same path, and its segments never lead out of the root.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <aiopyr/runtime/text/utf8.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/runtime/web/url/path_segments.h>
#include <aiopyr/runtime/web/url/url.h>

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace aiopyr;
  const std::string_view raw(reinterpret_cast<const char*>(data), size);
  std::string path;
  try {
    path = decode_path(raw);
  } catch (const HttpException&) {
    return 0;
  }
  require(path.size() <= raw.size() && !find_utf8_error(path));
  const std::string quoted = url_quote(path, kPathSafe);
  require(decode_path(quoted) == path);
  require(quoted.find_first_of(std::string_view("\r\n\0 ?#<>\"", 9)) == std::string::npos);
  std::string joined;
  for (const std::string& segment : split_path_info(path)) {
    require(!segment.empty() && segment != "." && segment != "..");
    require(segment.find('/') == std::string::npos);
    joined += '/' + segment;
  }
  require(split_path_info(joined) == split_path_info(path));
  return 0;
}

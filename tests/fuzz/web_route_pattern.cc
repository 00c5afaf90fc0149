// Checks that any text as a route pattern (up to the first NUL) is compiled or a
// ConfigurationError. Matching any path against it, and against valid patterns, throws no other
// error than that of a match that takes too long.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/text/utf8.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/runtime/web/routing/route_pattern.h>
#include <aiopyr/runtime/web/url/url.h>

namespace {

using namespace aiopyr;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_match(const RoutePattern& pattern, std::string_view path) {
  std::optional<PatternMatch> match;
  try {
    match = pattern.match(path);
  } catch (const Error&) {
    return;
  }
  if (!match) return;
  require(path.starts_with(pattern.static_prefix()) || path.empty());
  for (const auto& [name, value] : match->values) require(!name.empty() && !find_utf8_error(value));
  for (const std::string& segment : match->rest) {
    require(!segment.empty() && segment.find('/') == std::string::npos);
    require(segment != "." && segment != "..");
  }
}

void check_good_patterns(std::string_view path) {
  static const RoutePattern kPatterns[] = {
      RoutePattern("/articles/{id:\\d+}"), RoutePattern("/{a}/{b}.{c}"),
      RoutePattern("/files/*path"), RoutePattern("{year:\\d{4}}-{month}/{slug:[^/.]+}.html"),
      RoutePattern("/{a:(?:x|xy)*}/*rest")};
  for (const RoutePattern& pattern : kPatterns) check_match(pattern, path);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto end = bytes.find('\0');
  const std::string_view raw = end == std::string_view::npos ? bytes : bytes.substr(end + 1);
  std::string path;
  try {
    path = decode_path(raw);
  } catch (const HttpException&) {
    return 0;
  }
  check_good_patterns(path);
  try {
    check_match(RoutePattern(bytes.substr(0, end)), path);
  } catch (const ConfigurationError&) {
  }
  return 0;
}

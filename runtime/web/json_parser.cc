#include <algorithm>

#include <aiopyr/runtime/web/httpexceptions.h>
#include <aiopyr/runtime/web/json_builder.h>
#include <aiopyr/runtime/web/json_parser.h>

namespace aiopyr {
namespace {

/// "line 2, column 5 (byte 17)" for a byte counted from 1.
std::string describe_position(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, byte == 0 ? 0 : byte - 1);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const auto line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  return "line " + std::to_string(line) + ", column " +
         std::to_string(before.size() - line_start + 1) + " (byte " + std::to_string(byte) + ")";
}

}  // namespace

Json parse_json(std::string_view text, std::size_t max_depth) {
  detail::JsonBuilder builder(max_depth);
  try {
    Json::sax_parse(text.begin(), text.end(), &builder);
  } catch (const detail::JsonSyntaxError& error) {
    throw HTTPBadRequest("The JSON is malformed at " + describe_position(text, error.byte) + ": " +
                         error.reason + ".");
  }
  if (builder.is_too_deep()) {
    throw HTTPBadRequest("The JSON is nested deeper than " + std::to_string(max_depth) +
                         " levels.");
  }
  return builder.take();
}

}  // namespace aiopyr

#include <algorithm>

#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/runtime/web/http/json_parser.h>
#include <aiopyr/runtime/web/json/json_builder.h>

namespace aiopyr {
namespace {

/// Describes a byte, counted from 1, as "line 2, column 5 (byte 17)".
std::string describe_position(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, byte == 0 ? 0 : byte - 1);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const auto line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  return "line " + std::to_string(line) + ", column " +
         std::to_string(before.size() - line_start + 1) + " (byte " + std::to_string(byte) + ")";
}

/// Shortens a number for a message: it can be as long as the body.
std::string shortened(std::string_view digits) {
  constexpr std::size_t kShown = 40;
  if (digits.size() <= kShown) return std::string(digits);
  return std::string(digits.substr(0, kShown)) + "...";
}

}  // namespace

Json parse_json(std::string_view text, std::size_t max_depth) {
  detail::JsonBuilder builder(max_depth);
  try {
    Json::sax_parse(text.begin(), text.end(), &builder);
  } catch (const detail::JsonSyntaxError& error) {
    throw HTTPBadRequest("The JSON is malformed at " + describe_position(text, error.byte) + ": " +
                         error.reason + ".");
  } catch (const detail::JsonIntegerTooLarge& error) {
    throw HTTPBadRequest("The JSON holds the integer " + shortened(error.digits) +
                         ", which has no room in 64 bits: send it as a string.");
  }
  if (builder.is_too_deep()) {
    throw HTTPBadRequest("The JSON is nested deeper than " + std::to_string(max_depth) +
                         " levels.");
  }
  return builder.take();
}

}  // namespace aiopyr

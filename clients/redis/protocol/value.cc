#include <algorithm>

#include <aiopyr/clients/redis/protocol/value.h>

namespace aiopyr::redis {

std::string_view kind_name(Value::Kind kind) noexcept {
  switch (kind) {
    case Value::Kind::kNull:
      return "null";
    case Value::Kind::kInteger:
      return "an integer";
    case Value::Kind::kDouble:
      return "a double";
    case Value::Kind::kBool:
      return "a boolean";
    case Value::Kind::kString:
      return "a bulk string";
    case Value::Kind::kSimpleString:
      return "a simple string";
    case Value::Kind::kBigNumber:
      return "a big number";
    case Value::Kind::kVerbatim:
      return "a verbatim string";
    case Value::Kind::kError:
      return "an error";
    case Value::Kind::kArray:
      return "an array";
    case Value::Kind::kSet:
      return "a set";
    case Value::Kind::kMap:
      return "a map";
    case Value::Kind::kPush:
      return "a push message";
  }
  return "a reply";
}

std::string_view error_code(std::string_view text) noexcept {
  const std::string_view word = text.substr(0, text.find(' '));
  const auto is_code = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); };
  if (word.empty() || !std::all_of(word.begin(), word.end(), is_code)) return "ERR";
  return word;
}

}  // namespace aiopyr::redis

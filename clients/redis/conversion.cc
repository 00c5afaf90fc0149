#include <aiopyr/clients/redis/conversion.h>
#include <aiopyr/runtime/base/describe.h>
#include <aiopyr/runtime/base/parse_number.h>
#include <aiopyr/runtime/base/readable_name.h>

namespace aiopyr::redis::detail {

namespace {

template <class Number>
Number parse_text(const Value& value, const std::type_info& type) {
  if (value.is_text() && !value.is_error()) {
    if (const auto number = parse_number<Number>(value.text())) return *number;
  }
  refuse_conversion(value, type);
}

/// Moves each item's two items into one list.
Value::Items flatten(Value& pairs, const std::type_info& type) {
  Value::Items flat;
  flat.reserve(pairs.items().size() * 2);
  for (Value& pair : pairs.items()) {
    if (!pair.has_items() || pair.items().size() != 2) refuse_conversion(pairs, type);
    for (Value& item : pair.items()) flat.push_back(std::move(item));
  }
  return flat;
}

}  // namespace

void refuse_conversion(const Value& value, const std::type_info& type) {
  std::string shown(kind_name(value.kind()));
  if (value.is_error()) shown += " (" + std::string(error_code(value.text())) + ")";
  if (value.has_items()) shown += " of " + std::to_string(value.items().size()) + " elements";
  throw ConversionError("the reply is " + shown + ", which is no " +
                        readable_name(aiopyr::type_name(type)));
}

std::int64_t to_integer(const Value& value, const std::type_info& type) {
  if (value.kind() == Value::Kind::kInteger) return value.integer();
  return parse_text<std::int64_t>(value, type);
}

std::uint64_t to_unsigned(const Value& value, const std::type_info& type) {
  if (value.kind() != Value::Kind::kInteger) return parse_text<std::uint64_t>(value, type);
  if (value.integer() < 0) refuse_conversion(value, type);
  return static_cast<std::uint64_t>(value.integer());
}

double to_double(const Value& value, const std::type_info& type) {
  if (value.kind() == Value::Kind::kDouble) return value.number();
  if (value.kind() == Value::Kind::kInteger) return static_cast<double>(value.integer());
  return parse_text<double>(value, type);
}

bool to_bool(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::kBool:
      return value.flag();
    case Value::Kind::kNull:
      return false;
    case Value::Kind::kInteger:
      if (value.integer() == 0 || value.integer() == 1) return value.integer() == 1;
      break;
    case Value::Kind::kSimpleString:
      if (value.text() == "OK") return true;
      break;
    default:
      break;
  }
  refuse_conversion(value, typeid(bool));
}

std::string to_text(Value&& value) {
  if (!value.is_text() || value.is_error()) refuse_conversion(value, typeid(std::string));
  return std::move(value).text();
}

Value::Items to_items(Value&& value, const std::type_info& type) {
  const bool is_list = value.has_items() && value.kind() != Value::Kind::kMap;
  if (!is_list) refuse_conversion(value, type);
  return std::move(value).items();
}

Value::Items to_pairs(Value&& value, const std::type_info& type) {
  if (!value.has_items()) refuse_conversion(value, type);
  const bool are_pairs = value.kind() != Value::Kind::kMap && !value.items().empty() &&
                         value.items().front().has_items();
  if (!are_pairs && value.items().size() % 2 != 0) refuse_conversion(value, type);
  return are_pairs ? flatten(value, type) : std::move(value).items();
}

}  // namespace aiopyr::redis::detail

#include <algorithm>
#include <iterator>
#include <utility>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/text/octets.h>
#include <aiopyr/runtime/web/http/headers.h>

namespace aiopyr {
namespace {

/// The number of fields to reserve; most responses have fewer.
constexpr std::size_t kUsualFields = 6;

bool is_field_value(std::string_view value) noexcept {
  return detail::all_octets(value, detail::kLineOctet);
}

/// Compares names; usually both are in the usual spelling.
auto named(std::string_view name) noexcept {
  return [name](const Headers::Field& field) {
    return field.first.size() == name.size() &&
           (field.first == name || ascii_iequals(field.first, name));
  };
}

}  // namespace

void check_header(std::string_view name, std::string_view value) {
  if (!is_http_token(name)) {
    throw Error("'" + printable(name) + "' is not a header name (RFC 9110, section 5.1).");
  }
  if (!is_field_value(value)) {
    throw Error("The value of the header " + std::string(name) +
                " holds a line end or NUL, which would let its author inject headers; "
                "encode or drop these characters.");
  }
}

Headers::Headers(std::initializer_list<Field> fields) {
  for (const auto& [name, value] : fields) add(name, value);
}

template <class Value>
void Headers::append(std::string_view name, Value&& value) {
  if (fields_.empty()) fields_.reserve(kUsualFields);
  fields_.emplace_back(name, std::forward<Value>(value));
}

template <class Value>
void Headers::replace(std::string_view name, Value&& value) {
  check_header(name, value);
  const auto first = std::find_if(fields_.begin(), fields_.end(), named(name));
  if (first == fields_.end()) {
    append(name, std::forward<Value>(value));
    return;
  }
  first->second = std::forward<Value>(value);
  fields_.erase(std::remove_if(std::next(first), fields_.end(), named(name)), fields_.end());
}

void Headers::add(std::string_view name, std::string_view value) {
  check_header(name, value);
  append(name, value);
}

void Headers::set(std::string_view name, std::string_view value) { replace(name, value); }

void Headers::set(std::string_view name, std::string&& value) { replace(name, std::move(value)); }

bool Headers::try_add(std::string_view name, std::string_view value) {
  if (!is_http_token(name) || !is_field_value(value)) return false;
  append(name, value);
  return true;
}

void Headers::extend(const Headers& other) {
  fields_.reserve(fields_.size() + other.size());
  for (std::size_t i = 0, count = other.size(); i < count; ++i) {
    fields_.push_back(other.fields_[i]);
  }
}

std::size_t Headers::erase(std::string_view name) {
  const std::string copy(name);  // `name` may be a view into a field that is erased
  return std::erase_if(fields_, named(copy));
}

std::optional<std::string_view> Headers::get(std::string_view name) const& noexcept {
  const auto found = std::find_if(fields_.begin(), fields_.end(), named(name));
  if (found == fields_.end()) return std::nullopt;
  return found->second;
}

std::optional<std::string> Headers::get(std::string_view name) const&& {
  const auto value = get(name);
  return value ? std::optional<std::string>(*value) : std::nullopt;
}

std::string_view Headers::get(std::string_view name, std::string_view fallback) const& noexcept {
  return get(name).value_or(fallback);
}

std::vector<std::string_view> Headers::getall(std::string_view name) const& {
  std::vector<std::string_view> values;
  for (const auto& field : fields_) {
    if (named(name)(field)) values.emplace_back(field.second);
  }
  return values;
}

std::vector<std::string> Headers::getall(std::string_view name) const&& {
  const auto values = getall(name);
  return {values.begin(), values.end()};
}

bool Headers::contains(std::string_view name) const noexcept { return get(name).has_value(); }

}  // namespace aiopyr

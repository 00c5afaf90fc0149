#include <algorithm>
#include <charconv>
#include <cmath>

#include <aiopyr/runtime/base/parse_number.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/runtime/web/url/multidict.h>

namespace aiopyr {
namespace {

[[noreturn]] void throw_unconvertible(std::string_view name, std::string_view value,
                                      std::string_view wanted) {
  throw HTTPBadRequest("The parameter '" + printable(name) + "' must be " + std::string(wanted) +
                       ", not '" + printable(value) + "'.");
}

/// Returns the digits without whitespace and plus: std::from_chars does not accept a leading plus,
/// which people do write.
std::string_view number_text(std::string_view value) noexcept {
  value = trim_whitespace(value);
  if (value.size() > 1 && value[0] == '+' && value[1] != '-') value.remove_prefix(1);
  return value;
}

}  // namespace

namespace detail {

long long convert_signed(std::string_view name, std::string_view value, long long min,
                         long long max) {
  const auto result = parse_number<long long>(number_text(value));
  if (!result || *result < min || *result > max) {
    throw_unconvertible(
        name, value, "a whole number from " + std::to_string(min) + " to " + std::to_string(max));
  }
  return *result;
}

unsigned long long convert_unsigned(std::string_view name, std::string_view value,
                                    unsigned long long max) {
  const auto result = parse_number<unsigned long long>(number_text(value));
  if (!result || *result > max) {
    throw_unconvertible(name, value, "a whole number from 0 to " + std::to_string(max));
  }
  return *result;
}

double convert_double(std::string_view name, std::string_view value) {
  const auto result = parse_number<double>(number_text(value));
  if (!result || !std::isfinite(*result)) {
    throw_unconvertible(name, value, "a number");
  }
  return *result;
}

void throw_missing_parameter(std::string_view name) {
  throw HTTPBadRequest("The parameter '" + printable(name) + "' is missing.");
}

}  // namespace detail

MultiDict::MultiDict(std::initializer_list<Item> items) : items_(items) {}

bool operator==(const MultiDict& a, const MultiDict& b) { return a.items_ == b.items_; }

MultiDict MultiDict::nested(const MultiDict& preferred, const MultiDict& other) {
  MultiDict both = preferred;
  both.extend(other);
  both.preferred_ = preferred.size();
  return both;
}

void MultiDict::add(std::string key, std::string value) {
  preferred_ = 0;
  items_.emplace_back(std::move(key), std::move(value));
}

void MultiDict::set(std::string key, std::string value) {
  erase(key);
  add(std::move(key), std::move(value));
}

std::size_t MultiDict::erase(std::string_view key) {
  preferred_ = 0;
  const std::string copy(key);  // `key` may be a view into an item that is erased
  return std::erase_if(items_, [&copy](const Item& item) { return item.first == copy; });
}

void MultiDict::extend(const MultiDict& other) {
  preferred_ = 0;
  items_.reserve(items_.size() + other.size());
  for (std::size_t i = 0, count = other.size(); i < count; ++i) items_.push_back(other.items_[i]);
}

const std::string* MultiDict::find(std::string_view key) const& noexcept {
  const auto is_it = [key](const Item& item) { return item.first == key; };
  // Iterates backwards; the preferred items begin here.
  const auto preferred = items_.rend() - static_cast<std::ptrdiff_t>(preferred_);
  auto last = std::find_if(preferred, items_.rend(), is_it);
  if (last != items_.rend()) return &last->second;
  last = std::find_if(items_.rbegin(), preferred, is_it);
  return last == preferred ? nullptr : &last->second;
}

const std::string& MultiDict::operator[](std::string_view key) const& {
  const std::string* value = find(key);
  if (value == nullptr) detail::throw_missing_parameter(key);
  return *value;
}

const std::string& MultiDict::getone(std::string_view key) const& {
  const auto count = std::count_if(items_.begin(), items_.end(),
                                   [key](const Item& item) { return item.first == key; });
  if (count > 1) {
    throw HTTPBadRequest("The parameter '" + printable(key) + "' may be given only once.");
  }
  return (*this)[key];
}

std::vector<std::string> MultiDict::getall(std::string_view key) const {
  std::vector<std::string> values;
  for (const auto& [name, value] : items_) {
    if (name == key) values.push_back(value);
  }
  return values;
}

std::optional<std::string> MultiDict::get(std::string_view key) const {
  const std::string* value = find(key);
  if (value == nullptr) return std::nullopt;
  return *value;
}

std::string MultiDict::get(std::string_view key, std::string_view fallback) const {
  const std::string* value = find(key);
  return value == nullptr ? std::string(fallback) : *value;
}

}  // namespace aiopyr

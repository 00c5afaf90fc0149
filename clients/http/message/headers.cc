#include <aiopyr/clients/http/message/errors.h>
#include <aiopyr/clients/http/message/headers.h>
#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/text/octets.h>

namespace aiopyr::http {

Headers::Headers(std::initializer_list<Field> fields) {
  for (const auto& [name, value] : fields) add(name, value);
}

void Headers::add(std::string_view name, std::string_view value) {
  if (!is_http_token(name)) {
    throw InvalidRequestError("the name of a header is no token: '" + printable(name) + "'");
  }
  value = trim_whitespace(value);
  if (!aiopyr::detail::all_octets(value, aiopyr::detail::kValueOctet)) {  // RFC 9110 section 5.5
    throw InvalidRequestError("the value of the header " + std::string(name) +
                              " has a control character, such as a line's end");
  }
  add_received(name, value);
}

void Headers::add_received(std::string_view name, std::string_view value) {
  fields_.push_back({static_cast<std::uint32_t>(text_.size()),
                     static_cast<std::uint32_t>(name.size()),
                     static_cast<std::uint32_t>(value.size())});
  text_.append(name).append(value);
}

void Headers::extend_last(std::string_view value) {
  if (fields_.empty()) return;
  // The value of the last field is the end of the text.
  fields_.back().value_size += static_cast<std::uint32_t>(value.size() + 1);
  text_.append(" ").append(value);
}

void Headers::set(std::string_view name, std::string_view value) {
  Headers checked;
  checked.add(name, value);
  remove(name);
  add_received(name, checked[0].second);
}

void Headers::remove(std::string_view name) noexcept {
  std::erase_if(fields_,
                [&](const Place& place) { return ascii_iequals(field(place).first, name); });
}

void Headers::clear() noexcept {
  text_.clear();
  fields_.clear();
}

std::optional<std::string_view> Headers::get(std::string_view name) const& noexcept {
  for (const auto& [key, value] : *this) {
    if (ascii_iequals(key, name)) return value;
  }
  return std::nullopt;
}

std::vector<std::string_view> Headers::get_all(std::string_view name) const& {
  std::vector<std::string_view> values;
  for (const auto& [key, value] : *this) {
    if (ascii_iequals(key, name)) values.push_back(value);
  }
  return values;
}

bool Headers::contains(std::string_view name) const noexcept { return get(name).has_value(); }

}  // namespace aiopyr::http

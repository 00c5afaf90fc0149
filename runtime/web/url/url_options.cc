#include <algorithm>
#include <utility>

#include <aiopyr/runtime/web/url/url.h>
#include <aiopyr/runtime/web/url/url_options.h>

namespace aiopyr {

namespace {

constexpr std::string_view kQuerySafe = "/?:@!$&'()*+,;=";  // RFC 3986 section 3.4

void append_pair(std::string& query, const std::string& name, const std::string& value) {
  if (!query.empty()) query += '&';
  query += url_quote_plus(name) + '=' + url_quote_plus(value);
}

/// Appends a parameter as pyramid.encode.urlencode does with doseq.
void append_parameter(std::string& query, const UrlQuery::Parameter& parameter) {
  const auto& [name, value] = parameter;
  if (const std::string* text = value.text()) {
    append_pair(query, name, *text);
  } else {
    for (const std::string& each : *value.list()) append_pair(query, name, each);
  }
}

}  // namespace

UrlValue::UrlValue(const char* text) : value_(std::string(text)) {}
UrlValue::UrlValue(std::string text) : value_(std::move(text)) {}
UrlValue::UrlValue(std::string_view text) : value_(std::string(text)) {}
UrlValue::UrlValue(std::vector<std::string> list) : value_(std::move(list)) {}
UrlValue::UrlValue(std::initializer_list<std::string> list)
    : value_(std::vector<std::string>(list)) {}
UrlValue::UrlValue(const UrlValue& other) = default;
UrlValue::UrlValue(UrlValue&& other) noexcept = default;
UrlValue& UrlValue::operator=(const UrlValue& other) = default;
UrlValue& UrlValue::operator=(UrlValue&& other) noexcept = default;
UrlValue::~UrlValue() = default;

const std::string* UrlValue::text() const& noexcept { return std::get_if<std::string>(&value_); }

const std::vector<std::string>* UrlValue::list() const& noexcept {
  return std::get_if<std::vector<std::string>>(&value_);
}

RouteValues::RouteValues() noexcept = default;
RouteValues::RouteValues(std::initializer_list<Item> items) : items_(items) {}
RouteValues::RouteValues(const RouteValues& other) = default;
RouteValues::RouteValues(RouteValues&& other) noexcept = default;
RouteValues& RouteValues::operator=(const RouteValues& other) = default;
RouteValues& RouteValues::operator=(RouteValues&& other) noexcept = default;
RouteValues::~RouteValues() = default;

const UrlValue* RouteValues::find(std::string_view name) const& noexcept {
  const auto found = std::find_if(items_.begin(), items_.end(),
                                  [name](const Item& item) { return item.first == name; });
  return found == items_.end() ? nullptr : &found->second;
}

void RouteValues::set(std::string name, UrlValue value) {
  for (Item& item : items_) {
    if (item.first != name) continue;
    item.second = std::move(value);
    return;
  }
  items_.emplace_back(std::move(name), std::move(value));
}

void RouteValues::update(const RouteValues& other) {
  for (const auto& [name, value] : other.items_) set(name, value);
}

UrlQuery::UrlQuery() noexcept = default;
UrlQuery::UrlQuery(std::initializer_list<Parameter> parameters)
    : value_(std::vector<Parameter>(parameters)) {}
UrlQuery::UrlQuery(const char* text) : value_(std::string(text)) {}
UrlQuery::UrlQuery(std::string text) : value_(std::move(text)) {}
UrlQuery::UrlQuery(const UrlQuery& other) = default;
UrlQuery::UrlQuery(UrlQuery&& other) noexcept = default;
UrlQuery& UrlQuery::operator=(const UrlQuery& other) = default;
UrlQuery& UrlQuery::operator=(UrlQuery&& other) noexcept = default;
UrlQuery::~UrlQuery() = default;

bool UrlQuery::is_given() const noexcept { return !std::holds_alternative<std::monostate>(value_); }

UrlQuery::UrlQuery(const MultiDict& parameters) {
  value_ = std::vector<Parameter>(parameters.begin(), parameters.end());
}

void UrlQuery::add(std::string name, UrlValue value) {
  const Parameter parameter(std::move(name), std::move(value));
  if (auto* text = std::get_if<std::string>(&value_)) {
    append_parameter(*text, parameter);
  } else if (auto* parameters = std::get_if<std::vector<Parameter>>(&value_)) {
    parameters->push_back(parameter);
  } else {
    value_ = std::vector<Parameter>{parameter};
  }
}

std::string UrlQuery::to_string() const {
  std::string query;
  if (const auto* text = std::get_if<std::string>(&value_)) {
    query = url_quote(*text, kQuerySafe);
  } else if (const auto* parameters = std::get_if<std::vector<Parameter>>(&value_)) {
    for (const Parameter& parameter : *parameters) append_parameter(query, parameter);
  }
  return query.empty() ? query : "?" + query;
}

}  // namespace aiopyr

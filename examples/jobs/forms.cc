#include "forms.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "../shared/lines.h"
#include "views.h"
#include <aiopyr/runtime/text/ascii.h>

namespace jobs {

using namespace aiopyr;

namespace {

constexpr const char* kTemplate = "templates/form.html";

/// Returns whether there are control characters, which neither a page nor a mail should show.
bool has_controls(const Field& field, const std::string& text) {
  return std::any_of(text.begin(), text.end(), [&](unsigned char c) {
    const bool is_layout = field.kind == "textarea" && (c == '\n' || c == '\t');
    return (c < ' ' || c == 0x7F) && !is_layout;
  });
}

/// Returns what is wrong with the text in a field.
std::string check(const Field& field, const std::string& text) {
  if (field.kind == "file") return "";
  if (text.empty()) return field.min > 0 ? "Please fill this in." : "";
  if (character_count(text) < field.min)
    return "Please use at least " + std::to_string(field.min) + " characters.";
  if (character_count(text) > field.max)
    return "Please use at most " + std::to_string(field.max) + " characters.";
  if (has_controls(field, text)) return "This contains characters that cannot be shown.";
  return field.check ? field.check(text) : "";
}

/// Returns the text as it is kept. A password is kept as it was typed.
std::string normalize(const Field& field, const std::string& text) {
  if (field.kind == "password") return text;
  return std::string(trim_whitespace(shared::normalize_lines(text)));
}

Task<Json> show_again(const InvalidForm& error, Request& request) {
  request.response().set_status(400);
  co_return error.form().to_json();
}

}  // namespace

Form::Form(std::string title, std::string action, std::string submit, std::vector<Field> fields)
    : title_(std::move(title)),
      action_(std::move(action)),
      submit_(std::move(submit)),
      fields_(std::move(fields)) {
  for (const Field& field : fields_) values_[field.name];
}

Form& Form::fill(const std::string& name, std::string value) {
  values_.at(name) = std::move(value);
  return *this;
}

Form& Form::cancel(std::string url) {
  cancel_url_ = std::move(url);
  return *this;
}

Form& Form::text(std::string text) {
  text_ = std::move(text);
  return *this;
}

void Form::read(const MultiDict& posted) {
  for (const Field& field : fields_) {
    std::string& value = values_[field.name];
    value = normalize(field, posted.get(field.name, ""));
    if (std::string reason = check(field, value); !reason.empty())
      errors_[field.name] = std::move(reason);
  }
  if (!errors_.empty()) throw InvalidForm(*this);
}

void Form::refuse(const std::string& name, std::string reason) {
  errors_[name] = std::move(reason);
  throw InvalidForm(*this);
}

Json Form::to_json(const Field& field) const {
  const auto error = errors_.find(field.name);
  const bool is_invalid = error != errors_.end();
  const bool is_shown = field.kind != "password" && field.kind != "file";
  return {{"name", field.name},
          {"label", field.label},
          {"kind", field.kind},
          {"is_hidden", field.kind == "hidden"},
          {"is_textarea", field.kind == "textarea"},
          {"hint", field.hint},
          {"autocomplete", field.autocomplete},
          {"optional", field.min == 0 && field.kind != "file"},
          {"required", field.min > 0},
          {"described", is_invalid || !field.hint.empty()},
          {"value", is_shown ? values_.at(field.name) : std::string()},
          {"error", is_invalid ? error->second : std::string()}};
}

Json Form::to_json() const {
  Json fields = Json::array();
  Json errors = Json::array();
  bool has_files = false;
  for (const Field& field : fields_) {
    fields.push_back(to_json(field));
    has_files = has_files || field.kind == "file";
    if (const auto error = errors_.find(field.name); error != errors_.end())
      errors.push_back({{"name", field.name}, {"label", field.label}, {"error", error->second}});
  }
  return {{"title", title_},
          {"action", action_},
          {"submit", submit_},
          {"cancel_url", cancel_url_},
          {"text", text_},
          {"fields", std::move(fields)},
          {"has_files", has_files},
          {"has_errors", !errors.empty()},
          {"errors", std::move(errors)}};
}

std::size_t character_count(const std::string& text) noexcept {
  // Leaves out the bytes that continue a character.
  const auto begins = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins));
}

std::string check_email(const std::string& text) {
  const auto is_allowed = [](char c) {
    return is_ascii_alnum(c) ||
           std::string_view(".!#$%&'*+-/=?^_`{|}~@").find(c) != std::string_view::npos;
  };
  const std::size_t at = text.find('@');
  const bool is_address = std::all_of(text.begin(), text.end(), is_allowed) &&
                          at != std::string::npos && at > 0 && at == text.rfind('@') &&
                          at + 1 < text.size();
  return is_address ? "" : "Please give an address such as ada@example.com.";
}

std::string check_name(const std::string& text) {
  const auto is_allowed = [](char c) {
    return is_ascii_alnum(c) || c == '.' || c == '_' || c == '-';
  };
  if (std::all_of(text.begin(), text.end(), is_allowed)) return "";
  return "Please use letters, digits, dots, - and _ only.";
}

void include_forms(Configurator& config) {
  config.add_exception_view(show_again, {.renderer = kTemplate});
}

}  // namespace jobs

#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <aiopyr/aiopyr.h>

namespace jobs {

/// A field of a form, and what may be in it.
struct Field {
  std::string name;
  std::string label;
  std::string kind = "text";  ///< a type of <input>, or "textarea"
  std::string hint{};
  std::string autocomplete{};
  std::size_t min = 1;    ///< characters; 0: it may stay empty
  std::size_t max = 100;  ///< characters
  /// Returns what is wrong with a text that is not empty; an empty string for nothing.
  std::function<std::string(const std::string&)> check{};
};

/// A form: what is asked, what was typed, and what is wrong with it. One template shows them all,
/// templates/form.html.
///
///     Form form(...);
///     form.read(request.POST());   // throws InvalidForm: the visitor gets the form again
///     use(form["title"]);
class Form {
 public:
  /// `action` is the URL to which it is sent, `submit` the text of its button.
  Form(std::string title, std::string action, std::string submit, std::vector<Field> fields);

  /// Sets what a field holds at first.
  Form& fill(const std::string& name, std::string value);
  /// Sets where "Cancel" leads; the text above the fields.
  Form& cancel(std::string url);
  Form& text(std::string text);

  /// Takes what was typed, with plain line ends and without spaces around it. A field that is
  /// missing is an empty one. Throws InvalidForm if anything is wrong.
  void read(const aiopyr::MultiDict& posted);

  /// Returns what a field holds. Throws std::out_of_range if there is no such field.
  [[nodiscard]] const std::string& operator[](const std::string& name) const {
    return values_.at(name);
  }

  /// Throws InvalidForm, for what only the database or a file can tell.
  [[noreturn]] void refuse(const std::string& name, std::string reason);

  /// Returns the values of templates/form.html. Passwords are not shown again.
  [[nodiscard]] aiopyr::Json to_json() const;

 private:
  [[nodiscard]] aiopyr::Json to_json(const Field& field) const;

  std::string title_, action_, submit_, cancel_url_, text_;
  std::vector<Field> fields_;
  std::map<std::string, std::string> values_;
  std::map<std::string, std::string> errors_;
};

/// Thrown where a form cannot be accepted: an exception view shows it again, with its messages, and
/// the request's transaction is rolled back.
class InvalidForm : public std::runtime_error {
 public:
  explicit InvalidForm(Form form) : std::runtime_error("invalid form"), form_(std::move(form)) {}
  [[nodiscard]] const Form& form() const noexcept { return form_; }

 private:
  Form form_;
};

/// Returns how many characters a text in UTF-8 has.
[[nodiscard]] std::size_t character_count(const std::string& text) noexcept;

/// Return what is wrong with a text, for Field::check.
[[nodiscard]] std::string check_email(const std::string& text);
[[nodiscard]] std::string check_name(const std::string& text);

}  // namespace jobs

#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aiopyr {

/// HTTP header fields in order; names are compared without case, one name may occur many times.
///
/// A plain value: used by one thread at a time. On a temporary, such as a function's result,
/// readers return copies instead of views. Prevents the injection of headers and bodies: every
/// function that adds a field refuses names that are not tokens (RFC 9110 section 5.1) and values
/// that hold CR, LF or NUL (section 5.5), with an Error that names the header.
class Headers {
 public:
  using Field = std::pair<std::string, std::string>;

  Headers() = default;
  Headers(std::initializer_list<Field> fields);

  /// Appends a field, in addition to others of the same name.
  void add(std::string_view name, std::string_view value);

  /// Replaces all fields of that name by one, at the place of the first.
  void set(std::string_view name, std::string_view value);
  void set(std::string_view name, const char* value) { set(name, std::string_view(value)); }
  void set(std::string_view name, std::string&& value);

  /// Appends the field only if name and value may stand in a header; returns whether they may.
  bool try_add(std::string_view name, std::string_view value);

  /// Appends all of `other` (WebOb's headers.extend).
  void extend(const Headers& other);

  /// Removes all fields of that name; returns how many there were.
  std::size_t erase(std::string_view name);

  /// Returns the first value of that name. The view is valid until the next change.
  [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const& noexcept;
  [[nodiscard]] std::optional<std::string> get(std::string_view name) const&&;
  [[nodiscard]] std::string_view get(std::string_view name,
                                     std::string_view fallback) const& noexcept;
  [[nodiscard]] std::string get(std::string_view name, std::string_view fallback) const&& {
    return std::string(get(name, fallback));
  }
  [[nodiscard]] std::vector<std::string_view> getall(std::string_view name) const&;
  [[nodiscard]] std::vector<std::string> getall(std::string_view name) const&&;
  [[nodiscard]] bool contains(std::string_view name) const noexcept;

  [[nodiscard]] const std::vector<Field>& items() const& noexcept { return fields_; }
  [[nodiscard]] std::vector<Field> items() && noexcept { return std::move(fields_); }
  [[nodiscard]] auto begin() const& noexcept { return fields_.begin(); }
  [[nodiscard]] auto end() const& noexcept { return fields_.end(); }
  void begin() const&& = delete;  // keep the Headers first
  void end() const&& = delete;
  [[nodiscard]] std::size_t size() const noexcept { return fields_.size(); }
  [[nodiscard]] bool empty() const noexcept { return fields_.empty(); }

 private:
  template <class Value>
  void append(std::string_view name, Value&& value);
  template <class Value>
  void replace(std::string_view name, Value&& value);

  std::vector<Field> fields_;
};

/// Throws Error where `name: value` may not be sent as a header field.
void check_header(std::string_view name, std::string_view value);

}  // namespace aiopyr

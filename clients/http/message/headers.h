#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aiopyr::http {

/// The fields of a message, in their order (RFC 9110 section 5). Names are compared without regard
/// to case, and may occur more than once. A value, for any thread.
///
/// Views that it returns are valid until the object is changed or destroyed.
class Headers {
 public:
  using Field = std::pair<std::string_view, std::string_view>;

  Headers() = default;
  /// Makes `{{"Accept", "text/html"}, ...}`. Throws as add() does.
  Headers(std::initializer_list<Field> fields);

  /// Appends a field, without the spaces around its value. Throws InvalidRequestError for a name
  /// that is no token, and for a value with a control character: CR and LF would begin a field of
  /// the attacker's.
  void add(std::string_view name, std::string_view value);
  /// Replaces all fields of that name by one.
  void set(std::string_view name, std::string_view value);
  /// Removes all fields of that name.
  void remove(std::string_view name) noexcept;
  void clear() noexcept;

  /// Appends a field that a server has sent, as it is.
  void add_received(std::string_view name, std::string_view value);

  /// Appends to the value of the last field: a folded line (RFC 9112 section 5.2).
  void extend_last(std::string_view value);

  /// Returns the first value; nullopt where there is none.
  [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const& noexcept;
  std::optional<std::string_view> get(std::string_view name) const&& = delete;
  /// Returns all values of that name.
  [[nodiscard]] std::vector<std::string_view> get_all(std::string_view name) const&;
  std::vector<std::string_view> get_all(std::string_view name) const&& = delete;
  [[nodiscard]] bool contains(std::string_view name) const noexcept;

  [[nodiscard]] std::size_t size() const noexcept { return fields_.size(); }
  [[nodiscard]] bool empty() const noexcept { return fields_.empty(); }
  /// Returns the field at `index`. Requires: index < size().
  [[nodiscard]] Field operator[](std::size_t index) const& noexcept {
    return field(fields_[index]);
  }
  Field operator[](std::size_t index) const&& = delete;

  class Iterator {
   public:
    Iterator(const Headers& headers, std::size_t index) noexcept
        : headers_(&headers), index_(index) {}
    Field operator*() const noexcept { return (*headers_)[index_]; }
    Iterator& operator++() noexcept {
      ++index_;
      return *this;
    }
    bool operator==(const Iterator& other) const noexcept { return index_ == other.index_; }

   private:
    const Headers* headers_;
    std::size_t index_;
  };
  [[nodiscard]] Iterator begin() const noexcept { return {*this, 0}; }
  [[nodiscard]] Iterator end() const noexcept { return {*this, size()}; }

 private:
  /// The place of a field in text_: its value follows its name.
  struct Place {
    std::uint32_t at;
    std::uint32_t name_size;
    std::uint32_t value_size;
  };
  [[nodiscard]] Field field(const Place& place) const noexcept {
    const std::string_view text = text_;
    return {text.substr(place.at, place.name_size),
            text.substr(place.at + place.name_size, place.value_size)};
  }

  std::string text_;  // one buffer for all fields
  std::vector<Place> fields_;
};

}  // namespace aiopyr::http

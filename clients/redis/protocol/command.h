#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <ranges>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <aiopyr/clients/redis/protocol/command_table.h>

namespace aiopyr::redis {

namespace detail {

/// Appends one argument as a bulk string.
void append_bulk(std::string& out, std::string_view argument);
void append_bulk(std::string& out, std::int64_t argument);
void append_bulk(std::string& out, std::uint64_t argument);
/// Appends the shortest digits that give the same number again.
void append_bulk(std::string& out, double argument);

template <class T>
concept Text = std::convertible_to<const T&, std::string_view> && !std::same_as<T, std::nullptr_t>;

template <class T>
concept Octets = std::ranges::contiguous_range<const T> &&
    (std::same_as<std::ranges::range_value_t<const T>, std::byte> ||
     std::same_as<std::ranges::range_value_t<const T>, unsigned char>);

template <class T>
concept Character = std::same_as<T, char> || std::same_as<T, wchar_t> || std::same_as<T, char8_t> ||
    std::same_as<T, char16_t> || std::same_as<T, char32_t>;

template <class T>
concept Number = std::is_arithmetic_v<T> && !std::same_as<T, bool> && !Character<T>;

template <class T>
struct IsPair : std::false_type {};
template <class A, class B>
struct IsPair<std::pair<A, B>> : std::true_type {};

template <class>
inline constexpr bool kIsNoArgument = false;

}  // namespace detail

/// One command, written as the server reads it: an array of bulk strings, so that no argument can
/// be taken for another, whatever bytes it has.
///
/// Arguments are texts, any bytes (contiguous std::byte or unsigned char), integers and floating
/// point numbers; ranges and pairs of them add each element, so that `Command("DEL", keys)` and
/// `Command("HSET", key, fields)` do what they say. A value; the arguments are copied at once.
class Command {
 public:
  template <class... Arguments>
  explicit Command(std::string_view name, const Arguments&... arguments)
      : traits_(&find_command(name)) {
    add_text(name);
    (add(arguments), ...);
  }

  /// Adds an argument.
  template <class T>
  Command& add(const T& argument) {
    if constexpr (detail::Text<T>) {
      add_text(argument);
    } else if constexpr (detail::Octets<T>) {
      add_text({reinterpret_cast<const char*>(std::ranges::data(argument)),
                std::ranges::size(argument)});
    } else if constexpr (detail::Number<T>) {
      add_number(argument);
    } else if constexpr (detail::IsPair<T>::value) {
      add(argument.first);
      add(argument.second);
    } else if constexpr (std::ranges::input_range<const T>) {
      for (const auto& element : argument) add(element);
    } else {
      static_assert(detail::kIsNoArgument<T>,
                    "an argument of a Redis command is a text, bytes, a number, or a range or a "
                    "pair of them; write a bool as 0 or 1, and leave out what is empty");
    }
    return *this;
  }

  [[nodiscard]] const CommandTraits& traits() const noexcept { return *traits_; }
  /// Returns the name for messages and metrics: a literal; `other` for an unknown command.
  [[nodiscard]] std::string_view name() const noexcept { return traits_->name; }
  /// Returns how many bytes it has, without its head.
  [[nodiscard]] std::size_t size() const noexcept { return body_.size(); }
  /// Appends the command to what is sent.
  void append_to(std::string& out) const;

  /// Returns why it may not be sent on the shared connection; empty where it may.
  [[nodiscard]] std::string_view refusal_on_shared() const noexcept {
    return redis::refusal_on_shared(*traits_, {second_.data(), second_.size()}, blocks_);
  }

 private:
  template <class T>
  void add_number(T number) {
    ++count_;
    if constexpr (std::floating_point<T>) {
      detail::append_bulk(body_, static_cast<double>(number));
    } else if constexpr (std::signed_integral<T>) {
      detail::append_bulk(body_, static_cast<std::int64_t>(number));
    } else {
      detail::append_bulk(body_, static_cast<std::uint64_t>(number));
    }
  }
  void add_text(std::string_view text);

  const CommandTraits* traits_;
  std::size_t count_ = 0;
  std::string body_;
  std::string second_;   // of CLIENT only
  bool blocks_ = false;  // has an argument BLOCK
};

}  // namespace aiopyr::redis

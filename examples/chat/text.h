#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Checks of visitors' input: names, rooms, messages. Texts are UTF-8, as a websocket's always are.
/// Stateless.
namespace chat {

struct Name {
  std::string shown;
  /// The form for comparison, the same for names that look alike: without case and invisible
  /// characters.
  std::string folded;
};

/// Returns the name without extra spaces; nullopt unless it has 1 to 40 visible characters.
[[nodiscard]] std::optional<Name> read_name(std::string_view text);

/// Returns whether it has 1 to 40 ASCII letters and digits, `-` and `_`, as in the routes'
/// patterns.
[[nodiscard]] bool is_room_name(std::string_view text) noexcept;

[[nodiscard]] std::size_t count_characters(std::string_view text) noexcept;

/// Returns the text without the white space around it.
[[nodiscard]] std::string_view trim(std::string_view text) noexcept;

/// Formats milliseconds since 1970 as "2026-01-31T12:30:00.250Z".
[[nodiscard]] std::string iso_time(std::int64_t milliseconds);

}  // namespace chat

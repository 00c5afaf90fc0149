#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// What visitors may type: names, rooms, messages. Texts are UTF-8, as a websocket's always are.
/// Stateless.
namespace chat {

struct Name {
  std::string shown;
  /// Two names that look alike have the same: no case, nothing invisible.
  std::string folded;
};

/// The name without spare spaces; nothing where it is not 1 to 40 characters that can be seen.
[[nodiscard]] std::optional<Name> read_name(std::string_view text);

/// 1 to 40 letters and digits of ASCII, `-` and `_`. The routes' patterns say the same.
[[nodiscard]] bool is_room_name(std::string_view text) noexcept;

[[nodiscard]] std::size_t count_characters(std::string_view text) noexcept;

/// Without the white space around it.
[[nodiscard]] std::string_view trim(std::string_view text) noexcept;

/// Milliseconds since 1970 as "2026-01-31T12:30:00.250Z".
[[nodiscard]] std::string iso_time(std::int64_t milliseconds);

}  // namespace chat

#include "text.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>

#include <aiopyr/runtime/text/ascii.h>

namespace chat {

namespace {

constexpr std::size_t kMaxLength = 40;

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};

constexpr std::array kSpaces{Range{0x09, 0x0D},     Range{0x20, 0x20},     Range{0x85, 0x85},
                             Range{0xA0, 0xA0},     Range{0x1680, 0x1680}, Range{0x2000, 0x200A},
                             Range{0x2028, 0x2029}, Range{0x202F, 0x202F}, Range{0x205F, 0x205F},
                             Range{0x3000, 0x3000}};
constexpr std::array kControls{Range{0x00, 0x1F}, Range{0x7F, 0x9F}};
// Invisible characters: soft hyphen, fillers, joiners, marks of direction, variation selectors.
constexpr std::array kInvisible{Range{0xAD, 0xAD},     Range{0x034F, 0x034F}, Range{0x115F, 0x1160},
                                Range{0x200B, 0x200F}, Range{0x202A, 0x202E}, Range{0x2060, 0x206F},
                                Range{0x2800, 0x2800}, Range{0x3164, 0x3164}, Range{0xFE00, 0xFE0F},
                                Range{0xFEFF, 0xFEFF}};

template <std::size_t N>
bool is_in(const std::array<Range, N>& ranges, std::uint32_t character) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const Range& range) {
    return range.first <= character && character <= range.last;
  });
}

unsigned char byte_of(char c) { return static_cast<unsigned char>(c); }
bool continues(char c) { return (byte_of(c) & 0xC0U) == 0x80U; }

/// Returns how many bytes the first character of `text` has, which is UTF-8 and not empty.
std::size_t first_length(std::string_view text) {
  std::size_t length = 1;
  while (length < text.size() && continues(text[length])) ++length;
  return length;
}

std::uint32_t decode(std::string_view bytes) {
  constexpr std::array<unsigned, 5> kFirstBits{0, 0x7F, 0x1F, 0x0F, 0x07};
  std::uint32_t character = byte_of(bytes[0]) & kFirstBits.at(bytes.size());
  for (const char c : bytes.substr(1)) character = character << 6U | (byte_of(c) & 0x3FU);
  return character;
}

}  // namespace

std::optional<Name> read_name(std::string_view text) {
  Name name;
  bool after_space = false;
  while (!text.empty()) {
    const std::string_view bytes = text.substr(0, first_length(text));
    text.remove_prefix(bytes.size());
    const std::uint32_t character = decode(bytes);
    if (is_in(kSpaces, character)) {
      after_space = true;
      continue;
    }
    if (is_in(kControls, character)) return std::nullopt;
    if (after_space && !name.shown.empty()) name.shown += ' ';
    if (after_space && !name.folded.empty()) name.folded += ' ';
    after_space = false;
    name.shown += bytes;
    if (!is_in(kInvisible, character)) {
      name.folded +=
          bytes.size() == 1 ? std::string(1, aiopyr::ascii_lower(bytes[0])) : std::string(bytes);
    }
  }
  while (name.folded.ends_with(' ')) name.folded.pop_back();
  if (name.folded.empty() || count_characters(name.shown) > kMaxLength) return std::nullopt;
  return name;
}

bool is_room_name(std::string_view text) noexcept {
  return !text.empty() && text.size() <= kMaxLength &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return aiopyr::is_ascii_alnum(c) || c == '-' || c == '_'; });
}

std::size_t count_characters(std::string_view text) noexcept {
  return text.size() - static_cast<std::size_t>(std::count_if(text.begin(), text.end(), continues));
}

std::string_view trim(std::string_view text) noexcept {
  constexpr std::string_view kWhite = " \t\r\n\v\f";
  const auto begin = text.find_first_not_of(kWhite);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kWhite) - begin + 1);
}

std::string iso_time(std::int64_t milliseconds) {
  const std::time_t seconds = milliseconds / 1000;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 32> text{};
  const auto length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &utc);
  std::snprintf(text.data() + length, text.size() - length, ".%03dZ",
                static_cast<int>(milliseconds % 1000));
  return text.data();
}

}  // namespace chat

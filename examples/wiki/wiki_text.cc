#include "wiki_text.h"

#include <algorithm>
#include <iterator>

namespace wiki {

namespace {

bool is_capital(char c) noexcept { return c >= 'A' && c <= 'Z'; }

/// Returns the bytes of the first character of a text, which is UTF-8; other bytes do no harm.
std::string_view first_character(std::string_view text) noexcept {
  const auto lead = static_cast<unsigned char>(text.front());
  return text.substr(0, lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4);
}

/// Returns whether a character belongs to a word. All non-ASCII characters except punctuation count
/// as letters: there is no page name within "ÄpfelBaum", but there may be one between quotation
/// marks and dashes.
bool is_of_word(std::string_view character) noexcept {
  const char c = character.front();
  if ((c & 0x80) == 0) {
    return is_capital(c) || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  }
  constexpr std::string_view kPunctuation[] = {"\xC2", "\xE2\x80", "\xE2\x81", "\xE3\x80"};
  return std::none_of(std::begin(kPunctuation), std::end(kPunctuation),
                      [&](std::string_view block) { return character.starts_with(block); });
}

/// Returns the longest beginning of a text that is within one word, or between words.
std::string_view first_run(std::string_view text) noexcept {
  const bool is_word = is_of_word(first_character(text));
  std::size_t length = 0;
  while (length < text.size()) {
    const std::string_view character = first_character(text.substr(length));
    if (is_of_word(character) != is_word) break;
    length += character.size();
  }
  return text.substr(0, length);
}

Line parse_line(std::string_view text) {
  Line line;
  while (!text.empty()) {
    const std::string_view run = first_run(text);
    text.remove_prefix(run.size());
    if (is_wiki_word(run)) {
      line.push_back({std::string(run), true});
    } else if (line.empty() || line.back().is_wiki_word) {
      line.push_back({std::string(run)});
    } else {
      line.back().text += run;
    }
  }
  return line;
}

std::string_view take_line(std::string_view& text) noexcept {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(line.size() + 1, text.size()));
  return line;
}

bool is_blank(std::string_view line) noexcept {
  return line.find_first_not_of(" \t") == std::string_view::npos;
}

bool is_item(std::string_view line) noexcept {
  return line.starts_with("- ") || line.starts_with("* ");
}

}  // namespace

bool is_wiki_word(std::string_view word) noexcept {
  if (word.size() < 4 || !is_capital(word.front())) return false;
  const bool is_ascii =
      std::none_of(word.begin(), word.end(), [](char c) { return (c & 0x80) != 0; });
  return is_ascii && std::any_of(word.begin() + 2, word.end() - 1, is_capital);
}

std::vector<Block> parse_text(std::string_view text) {
  std::vector<Block> blocks;
  std::string paragraph;
  const auto end_paragraph = [&] {
    if (!paragraph.empty()) blocks.push_back({false, {parse_line(paragraph)}});
    paragraph.clear();
  };
  bool is_in_list = false;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (is_item(line)) {
      end_paragraph();
      if (!is_in_list) blocks.push_back({true, {}});
      blocks.back().lines.push_back(parse_line(line.substr(2)));
    } else if (is_blank(line)) {
      end_paragraph();
    } else {
      if (!paragraph.empty()) paragraph += '\n';
      paragraph += line;
    }
    is_in_list = is_item(line);
  }
  end_paragraph();
  return blocks;
}

std::set<std::string> wiki_words(const std::vector<Block>& blocks) {
  std::set<std::string> words;
  for (const Block& block : blocks)
    for (const Line& line : block.lines)
      for (const Piece& piece : line)
        if (piece.is_wiki_word) words.insert(piece.text);
  return words;
}

}  // namespace wiki

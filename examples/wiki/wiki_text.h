#pragma once

#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// What a page's text means: paragraphs and lists, in which WikiWords are links. Plain functions,
/// any thread; text is UTF-8 and nothing is escaped here, that is the template's part.
namespace wiki {

/// A piece of text, or a word that is the name of a page.
struct Piece {
  std::string text;
  bool is_wiki_word = false;

  friend bool operator==(const Piece&, const Piece&) = default;
};

using Line = std::vector<Piece>;

/// A paragraph is one line, which may hold line ends; a list has a line for each item.
struct Block {
  bool is_list = false;
  std::vector<Line> lines;

  friend bool operator==(const Block&, const Block&) = default;
};

/// The blocks of a text: empty lines part paragraphs, and lines that begin with `- ` or `* ` are a
/// list's items.
[[nodiscard]] std::vector<Block> parse_text(std::string_view text);

/// The names of pages in it.
[[nodiscard]] std::set<std::string> wiki_words(const std::vector<Block>& blocks);

/// A WikiWord is a word of ASCII letters, digits and `_` that begins with a capital letter, and has
/// another one further on, neither second nor last: `[A-Z]\w+[A-Z]+\w+` in Pyramid's tutorial.
[[nodiscard]] bool is_wiki_word(std::string_view word) noexcept;

/// What a browser makes of the lines of a form, made plain lines again.
[[nodiscard]] std::string normalize_lines(std::string_view text);

}  // namespace wiki

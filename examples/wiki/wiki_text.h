#pragma once

#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// Parses a page's text: paragraphs and lists, in which WikiWords are links. Plain functions, any
/// thread; text is UTF-8 and nothing is escaped here: the template does that.
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

/// Returns the blocks of a text: empty lines separate paragraphs, and lines that begin with `- ` or
/// `* ` are items of a list.
[[nodiscard]] std::vector<Block> parse_text(std::string_view text);

/// Returns the names of pages in the blocks.
[[nodiscard]] std::set<std::string> wiki_words(const std::vector<Block>& blocks);

/// Returns whether a word is a WikiWord: ASCII letters, digits and `_`, with a capital letter at
/// the beginning and another one later, neither second nor last: `[A-Z]\w+[A-Z]+\w+` in Pyramid's
/// tutorial.
[[nodiscard]] bool is_wiki_word(std::string_view word) noexcept;

}  // namespace wiki

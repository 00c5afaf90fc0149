#include "examples/wiki/wiki_text.h"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "examples/shared/lines.h"

using shared::normalize_lines;
using wiki::Block;
using wiki::is_wiki_word;
using wiki::parse_text;
using wiki::Piece;

namespace {

Block paragraph(std::vector<Piece> pieces) { return {false, {std::move(pieces)}}; }

}  // namespace

TEST_CASE("A WikiWord has a capital letter at its beginning and another one within",
          "[examples][wiki]") {
  for (const char* word : {"FrontPage", "IDoExist", "ABCD", "PageTwo2", "Under_Score", "AbC1"}) {
    INFO(word);
    CHECK(is_wiki_word(word));
  }
  for (const char* word :
       {"", "Page", "frontPage", "FRo", "ABc", "PageX", "PaGe\xC3\xA4", "page"}) {
    INFO(word);
    CHECK_FALSE(is_wiki_word(word));
  }
}

TEST_CASE("WikiWords are found between words and punctuation", "[examples][wiki]") {
  CHECK(parse_text("See FrontPage, not frontPage.") ==
        std::vector{paragraph({{"See "}, {"FrontPage", true}, {", not frontPage."}})});
  CHECK(parse_text("\xE2\x80\x9C"
                   "FrontPage\xE2\x80\x9D") ==
        std::vector{paragraph({{"\xE2\x80\x9C"}, {"FrontPage", true}, {"\xE2\x80\x9D"}})});
}

TEST_CASE("A WikiWord is a whole word, also where letters are beyond ASCII", "[examples][wiki]") {
  CHECK(parse_text("\xC3\x84pfelBaum CafeB\xC3\xA4r") ==
        std::vector{paragraph({{"\xC3\x84pfelBaum CafeB\xC3\xA4r"}})});
}

TEST_CASE("Text that is cut within a character does no harm", "[examples][wiki]") {
  for (const char* text : {"\xE2\x80", "FrontPage\xF0", "\x80\x80", "\xE2"}) {
    const auto blocks = parse_text(text);
    std::string whole;
    for (const Piece& piece : blocks.at(0).lines.at(0)) whole += piece.text;
    CHECK(whole == text);
  }
}

TEST_CASE("Empty lines part paragraphs, which keep their line ends", "[examples][wiki]") {
  CHECK(parse_text("a\nb\n\n \n\nc\n") == std::vector{paragraph({{"a\nb"}}), paragraph({{"c"}})});
  CHECK(parse_text("").empty());
  CHECK(parse_text("\n\n").empty());
}

TEST_CASE("Lines with a dash or a star are the items of a list", "[examples][wiki]") {
  const Block list{true, {{{"one "}, {"FrontPage", true}}, {{"two"}}}};
  CHECK(parse_text("before\n- one FrontPage\n* two\nafter") ==
        std::vector{paragraph({{"before"}}), list, paragraph({{"after"}})});
  CHECK(parse_text("- a\n\n- b").size() == 2);
  CHECK(parse_text("-a") == std::vector{paragraph({{"-a"}})});
}

TEST_CASE("The names of pages in a text are gathered once each", "[examples][wiki]") {
  CHECK(wiki::wiki_words(parse_text("FrontPage BackPage\n\n- FrontPage x")) ==
        std::set<std::string>{"BackPage", "FrontPage"});
}

TEST_CASE("A form's lines become plain lines", "[examples][wiki]") {
  CHECK(normalize_lines("a\r\nb\rc\nd\r") == "a\nb\nc\nd\n");
  CHECK(normalize_lines("").empty());
}

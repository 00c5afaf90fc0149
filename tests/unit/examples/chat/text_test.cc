#include "examples/chat/text.h"

#include <string>

#include <catch2/catch.hpp>

using chat::count_characters;
using chat::is_room_name;
using chat::iso_time;
using chat::read_name;
using chat::trim;

TEST_CASE("A name loses its spare spaces and keeps the rest", "[examples][chat]") {
  CHECK(read_name("  Ada \t Lovelace\n")->shown == "Ada Lovelace");
  CHECK(read_name("\xC2\xA0"
                  "J\xC3\xBCrgen\xE3\x80\x80")
            ->shown == "J\xC3\xBCrgen");
  CHECK(read_name("\xF0\x9F\x98\x80")->shown == "\xF0\x9F\x98\x80");
}

TEST_CASE("A name has 1 to 40 characters, however many bytes these are", "[examples][chat]") {
  std::string longest;
  for (int i = 0; i < 40; ++i) longest += "\xF0\x9F\x98\x80";
  CHECK(read_name(longest));
  CHECK_FALSE(read_name(longest + "x"));
  CHECK(read_name("x"));
  CHECK_FALSE(read_name(""));
  CHECK_FALSE(read_name(" \t\n"));
}

TEST_CASE("A name that nobody can see, or with controls in it, is none", "[examples][chat]") {
  CHECK_FALSE(read_name("\xE2\x80\x8B"));               // zero width space
  CHECK_FALSE(read_name("\xE2\x80\xAE \xEF\xBB\xBF"));  // right to left, byte order mark
  CHECK_FALSE(read_name(std::string("a\0b", 3)));
  CHECK_FALSE(read_name("a\x1B[1m"));
  CHECK_FALSE(read_name("a\xC2\x80"));
}

TEST_CASE("Names that look alike are folded alike", "[examples][chat]") {
  const auto ada = read_name("Ada L")->folded;
  for (const char* name : {"ada l", "ADA L", " Ada  L ",
                           "A\xE2\x80\x8B"
                           "da L",
                           "Ada L \xE2\x80\x8D",
                           "\xE2\x80\xAE"
                           "Ada L"}) {
    INFO(name);
    CHECK(read_name(name)->folded == ada);
  }
  CHECK(read_name("AdaL")->folded != ada);
}

TEST_CASE("Rooms are called by letters, digits, - and _", "[examples][chat]") {
  for (const char* name : {"lobby", "A", "room-2", "_", "0"}) CHECK(is_room_name(name));
  for (const char* name : {"", "a b", "a/b", "\xC3\xBC", "a.b", "a\n"})
    CHECK_FALSE(is_room_name(name));
  CHECK(is_room_name(std::string(40, 'x')));
  CHECK_FALSE(is_room_name(std::string(41, 'x')));
}

TEST_CASE("Characters are counted, not bytes; times are ISO 8601", "[examples][chat]") {
  CHECK(count_characters("a\xC3\xBC\xF0\x9F\x98\x80") == 3);
  CHECK(trim(" \n a b\t") == "a b");
  CHECK(trim(" \n").empty());
  CHECK(iso_time(0) == "1970-01-01T00:00:00.000Z");
  CHECK(iso_time(1769862600007) == "2026-01-31T12:30:00.007Z");
}

#include "examples/chat/rooms.h"

#include <string>

#include <catch2/catch.hpp>

#include "examples/chat/flood_limit.h"

using chat::Entrance;
using chat::FloodLimit;
using chat::kHistory;
using chat::kMaxConnections;
using chat::kMaxRooms;
using chat::Name;
using chat::Room;
using chat::Rooms;

namespace {

const Name kAda{"Ada", "ada"};
const Name kBob{"Bob", "bob"};

struct ManyRooms {
  std::int64_t time = 1000;
  Rooms rooms{[this] { return time++; }};

  /// Says something in a room of that name, so that it is kept.
  void use(const std::string& name) {
    Room* room = rooms.open(name);
    REQUIRE(room != nullptr);
    room->enter(kAda, "");
    room->say({.name = "Ada", .text = "hello"});
    room->leave("ada");
    rooms.close(name);
  }
};

std::vector<std::string> names(const Rooms& rooms) {
  std::vector<std::string> all;
  for (const auto& [name, people] : rooms.list()) {
    all.push_back(name + " " + std::to_string(people));
  }
  return all;
}

}  // namespace

TEST_CASE("A name belongs to one person, who may come in several times by a key",
          "[examples][chat]") {
  Room room(0);
  CHECK(room.enter(kAda, "secret") == Entrance::kNew);
  CHECK(room.enter(kAda, "other") == Entrance::kTaken);
  CHECK(room.enter(kAda, "") == Entrance::kTaken);
  CHECK(room.enter({"ADA", "ada"}, "secret") == Entrance::kAgain);
  CHECK(room.enter(kBob, "") == Entrance::kNew);
  CHECK(room.enter(kBob, "") == Entrance::kTaken);
  CHECK(room.people() == std::vector<std::string>{"Ada", "Bob"});
  CHECK(room.shown("ada") == "Ada");
  // The name stays until the last connection leaves.
  CHECK_FALSE(room.leave("ada"));
  CHECK(room.people_count() == 2);
  CHECK(room.leave("ada"));
  CHECK(room.people() == std::vector<std::string>{"Bob"});
  CHECK(room.enter(kAda, "other") == Entrance::kNew);
}

TEST_CASE("A room is full, to people and to more tabs of those who are in it", "[examples][chat]") {
  Room room(0);
  CHECK(room.enter(kAda, "key") == Entrance::kNew);
  for (std::size_t i = 1; i < kMaxConnections; ++i) room.enter(kAda, "key");
  CHECK(room.enter(kAda, "key") == Entrance::kFull);
  CHECK(room.enter(kBob, "key") == Entrance::kFull);
  room.leave("ada");
  CHECK(room.enter(kBob, "key") == Entrance::kNew);
}

TEST_CASE("A room keeps the last fifty messages, numbered without gaps", "[examples][chat]") {
  Room room(1000);
  for (std::size_t i = 0; i < kHistory; ++i) room.say({.name = "Ada", .text = std::to_string(i)});
  CHECK(room.history().size() == kHistory);
  CHECK(room.history().front().id == 1001);
  CHECK(room.say({.name = "Ada", .text = "one more"})->id == 1051);
  CHECK(room.history().size() == kHistory);
  CHECK(room.history().front().text == "1");
  CHECK(room.history().back().text == "one more");
}

TEST_CASE("What was sent twice, because its fate was unknown, is said once", "[examples][chat]") {
  Room room(0);
  CHECK(room.say({.name = "Ada", .text = "hello", .ref = "r1"}) != nullptr);
  CHECK(room.say({.name = "Ada", .text = "hello", .ref = "r1"}) == nullptr);
  CHECK(room.say({.name = "Bob", .text = "hello", .ref = "r1"}) != nullptr);
  CHECK(room.say({.name = "Ada", .text = "hello"}) != nullptr);
  CHECK(room.say({.name = "Ada", .text = "hello"}) != nullptr);
  CHECK(room.history().size() == 4);
}

TEST_CASE("Rooms are listed with the most people first", "[examples][chat]") {
  ManyRooms many;
  many.use("empty");
  many.rooms.open("one")->enter(kAda, "");
  many.rooms.open("two")->enter(kAda, "");
  many.rooms.open("two")->enter(kBob, "");
  CHECK(names(many.rooms) == std::vector<std::string>{"two 2", "one 1", "empty 0"});
}

TEST_CASE("An empty room is kept for its history; without one it is forgotten",
          "[examples][chat]") {
  ManyRooms many;
  many.use("said");
  many.rooms.open("silent")->enter(kAda, "");
  many.rooms.open("silent")->leave("ada");
  many.rooms.close("silent");
  CHECK(names(many.rooms) == std::vector<std::string>{"said 0"});
  CHECK(many.rooms.open("said")->history().size() == 1);
}

TEST_CASE("A room that was forgotten and opened again goes on with higher numbers",
          "[examples][chat]") {
  ManyRooms many;
  many.use("room");
  const auto before = many.rooms.open("room")->history().back().id;
  for (std::size_t i = 0; i < kMaxRooms; ++i) many.use("other" + std::to_string(i));
  Room* room = many.rooms.open("room");
  CHECK(room->history().empty());
  CHECK(room->say({.name = "Ada", .text = "again"})->id > before);
}

TEST_CASE("Of too many rooms the one that has been empty for longest makes place",
          "[examples][chat]") {
  ManyRooms many;
  many.rooms.open("in use")->enter(kAda, "");
  for (std::size_t i = 1; i < kMaxRooms; ++i) many.use(std::to_string(i));
  many.use("1");  // the longest is 2 now
  many.use("one more");
  const auto rooms = many.rooms.list();
  const auto has = [&](const std::string& name) {
    return std::any_of(rooms.begin(), rooms.end(),
                       [&](const auto& listed) { return listed.name == name; });
  };
  CHECK(rooms.size() == kMaxRooms);
  CHECK(has("in use"));
  CHECK(has("1"));
  CHECK_FALSE(has("2"));
}

TEST_CASE("Where people are in all rooms, no further one opens", "[examples][chat]") {
  ManyRooms many;
  for (std::size_t i = 0; i < kMaxRooms; ++i) {
    many.rooms.open(std::to_string(i))->enter(kAda, "");
  }
  CHECK(many.rooms.open("one more") == nullptr);
  CHECK(many.rooms.open("1") != nullptr);
}

TEST_CASE("Twenty messages in any five seconds are admitted", "[examples][chat]") {
  using namespace std::chrono_literals;
  FloodLimit limit;
  const aiopyr::TimePoint start{};
  for (int i = 0; i < 10; ++i) CHECK(limit.admit(start));
  for (int i = 0; i < 10; ++i) CHECK(limit.admit(start + 3s));
  CHECK_FALSE(limit.admit(start + 4999ms));
  for (int i = 0; i < 10; ++i) CHECK(limit.admit(start + 5s));
  CHECK_FALSE(limit.admit(start + 7999ms));
  CHECK(limit.admit(start + 8s));
}

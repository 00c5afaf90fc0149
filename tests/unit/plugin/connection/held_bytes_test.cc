#include <memory>
#include <string>

#include <catch2/catch.hpp>

#include "tests/unit/support/scripted_transport.h"
#include <aiopyr/plugin/connection/held_bytes.h>

namespace aiopyr::plugin {
namespace {

using websocket::testing::Script;
using websocket::testing::ScriptedTransport;
using Outcome = HeldBytes::Outcome;

TEST_CASE("Held answers leave together, in one write") {
  const auto script = std::make_shared<Script>();
  ScriptedTransport stream(script);
  HeldBytes held;
  CHECK(held.empty());
  REQUIRE(held.add("head1 ", "body1 "));
  REQUIRE(held.add("head2 ", "body2"));
  CHECK(held.send(stream) == Outcome::kAll);
  CHECK(held.empty());
  CHECK(script->output == "head1 body1 head2 body2");
  CHECK(script->writes == 1);
}

TEST_CASE("Held answers leave whole however little the stream takes at a time") {
  for (std::size_t size = 1; size < 24; ++size) {
    const auto script = std::make_shared<Script>();
    script->write_size = size;
    ScriptedTransport stream(script);
    HeldBytes held;
    REQUIRE(held.add("head1 body1 ", "head2 body2"));
    int sends = 0;
    auto outcome = Outcome::kSome;
    while (outcome == Outcome::kSome) {
      outcome = held.send(stream);
      ++sends;
    }
    CHECK(outcome == Outcome::kAll);
    CHECK(sends == static_cast<int>((23 + size - 1) / size));
    CHECK(script->output == "head1 body1 head2 body2");
  }
}

TEST_CASE("What a full stream does not take stays held, and can be taken with more behind it") {
  const auto script = std::make_shared<Script>();
  script->full = 1;
  ScriptedTransport stream(script);
  HeldBytes held;
  REQUIRE(held.add("one", "two"));
  CHECK(held.send(stream) == Outcome::kSome);
  script->write_size = 2;
  CHECK(held.send(stream) == Outcome::kSome);
  CHECK(held.take("three") == "etwothree");
  CHECK(held.empty());
  CHECK(held.take("three").empty());
}

TEST_CASE("What a broken stream does not take is dropped") {
  const auto script = std::make_shared<Script>();
  script->fails_at = 0;
  ScriptedTransport stream(script);
  HeldBytes held;
  REQUIRE(held.add("one", "two"));
  CHECK(held.send(stream) == Outcome::kFailed);
  CHECK(held.empty());
}

TEST_CASE("There is room for 4 KiB") {
  HeldBytes held;
  CHECK(held.has_room_for(4096));
  CHECK_FALSE(held.has_room_for(4097));
  REQUIRE(held.add(std::string(1000, 'x'), std::string(3000, 'y')));
  CHECK(held.has_room_for(96));
  CHECK_FALSE(held.has_room_for(97));
}

}  // namespace
}  // namespace aiopyr::plugin

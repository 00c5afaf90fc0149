#include <chrono>
#include <optional>
#include <string>

#include <catch2/catch.hpp>

#include <aiopyr/clients/postgres/connection/statement.h>

using namespace aiopyr;

TEST_CASE("Statements are told apart by text and types of parameters", "[postgres_statement]") {
  postgres::StatementTable table(2);
  const auto first = table.find("select $1", postgres::encode(1));
  CHECK(table.find("select $1", postgres::encode(2)) == first);
  const auto other = table.find("select $1", postgres::encode(true));
  CHECK(other != first);
  CHECK(other->number != first->number);
  static_cast<void>(table.find("select 3", postgres::encode()));
  CHECK(table.size() == 2);
  CHECK(table.find("select $1", postgres::encode(1)) != first);
}

TEST_CASE("A connection drops the statement that it used least lately", "[postgres_statement]") {
  postgres::StatementTable table(10);
  postgres::PreparedStatements prepared(2);
  const auto a = table.find("a", postgres::encode());
  const auto b = table.find("b", postgres::encode());
  const auto c = table.find("c", postgres::encode());
  CHECK(!prepared.add(*a));
  CHECK(!prepared.add(*b));
  const std::string name_of_b = *prepared.use(*b);
  REQUIRE(prepared.use(*a) != nullptr);
  const std::string name_of_a = *prepared.use(*a);
  CHECK(name_of_a != name_of_b);
  CHECK(prepared.add(*c) == name_of_b);
  prepared.remove(*a);
  CHECK(prepared.use(*a) == nullptr);
  CHECK(prepared.add(*a) == std::nullopt);
  CHECK(*prepared.use(*a) != name_of_a);
}

TEST_CASE("A statement's usual time falls at once, and rises with many long ones",
          "[postgres_statement]") {
  using std::chrono::microseconds;
  postgres::Statement statement;
  statement.note_time(microseconds(900));
  CHECK(statement.usual_time == microseconds(900));
  statement.note_time(microseconds(20));
  CHECK(statement.usual_time == microseconds(20));
  statement.note_time(microseconds(900));
  CHECK(*statement.usual_time < microseconds(50));
  for (int i = 0; i < 500; ++i) statement.note_time(microseconds(900));
  CHECK(*statement.usual_time > microseconds(800));
}

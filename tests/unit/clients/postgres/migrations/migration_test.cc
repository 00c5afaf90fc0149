#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/unit/support/temporary_folder.h"
#include <aiopyr/clients/postgres/migrations/migration.h>

using namespace aiopyr;
using namespace aiopyr::postgres;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

class Folder {
 public:
  Folder& file(const std::string& name, std::string_view text = "select 1") {
    std::ofstream(folder_.path() / name) << text;
    return *this;
  }
  [[nodiscard]] std::vector<Migration> read() const { return read_migrations(folder_.path()); }

 private:
  TemporaryFolder folder_;
};

std::vector<Migration> three() {
  return {make_migration("0001_a.sql", "create table a()"),
          make_migration("0002_b.sql", "create table b()"),
          make_migration("0003_c.sql", "create table c()")};
}

/// Returns the first so many of the files as they are applied.
std::vector<AppliedMigration> applied(std::size_t count) {
  std::vector<AppliedMigration> rows;
  for (const Migration& file : three()) {
    if (rows.size() < count) rows.push_back({file.number, file.name, file.checksum});
  }
  return rows;
}

std::string names(const std::vector<Migration>& migrations) {
  std::string text;
  for (const Migration& each : migrations) text += each.name + " ";
  return text;
}

}  // namespace

TEST_CASE("migrations are the .sql files of a folder, in the order of their numbers") {
  Folder folder;
  folder.file("0002_b.sql", "select 2").file("0001_a.sql").file("README").file("0010_z.txt");
  for (int number = 3; number <= 10; ++number)
    folder.file((number < 10 ? "000" : "00") + std::to_string(number) + "_more.sql");
  const std::vector<Migration> migrations = folder.read();
  REQUIRE(migrations.size() == 10);
  CHECK(migrations[0].name == "0001_a.sql");
  CHECK(migrations[1].sql == "select 2");
  CHECK(migrations[9].number == 10);
  // echo -n 'select 2' | sha256sum
  CHECK(migrations[1].checksum.size() == 64);
  CHECK(migrations[1].checksum != migrations[0].checksum);
}

TEST_CASE("a folder without migrations is an empty list, and none is an error") {
  CHECK(Folder().file("README").read().empty());
  CHECK_THROWS_WITH(read_migrations("/nowhere/at/all"),
                    StartsWith("/nowhere/at/all: No such file or directory"));
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.path() / "0001_a.sql");
  CHECK_THROWS_WITH(read_migrations(folder.path()), Contains("0001_a.sql: Is a directory"));
}

TEST_CASE("gaps and numbers that are there twice are errors that name the files") {
  CHECK_THROWS_WITH(Folder().file("0002_b.sql").read(),
                    StartsWith("0002_b.sql: there is no migration 0001 before it"));
  CHECK_THROWS_WITH(Folder().file("0001_a.sql").file("0003_c.sql").read(),
                    StartsWith("0003_c.sql: there is no migration 0002 before it"));
  CHECK_THROWS_WITH(Folder().file("0001_a.sql").file("0001_b.sql").read(),
                    StartsWith("0001_a.sql and 0001_b.sql have the same number"));
  CHECK_THROWS_AS(Folder().file("0000_a.sql").file("0001_b.sql").read(), MigrationError);
}

TEST_CASE("a file that is no migration is an error, not left out") {
  for (const char* name : {"a.sql", "1_a.sql", "0001.sql", "0001_.sql", "0001-a.sql", "0001_A.sql",
                           "0001_a b.sql", "x0001_a.sql", ".sql", "99999999999_a.sql"}) {
    INFO(name);
    CHECK_THROWS_WITH(make_migration(name, "select 1"), StartsWith(name));
  }
  CHECK_THROWS_WITH(make_migration("0001_a.sql", " \n"), "0001_a.sql: it is empty");
  CHECK_THROWS_AS(make_migration("0001_a.sql", std::string("a\0b", 3)), MigrationError);
  CHECK_THROWS_AS(make_migration("0001_a.sql", std::string((16 << 20) + 1, 'x')), MigrationError);
  CHECK(make_migration("12345_a.sql", "select 1").number == 12345);
}

TEST_CASE("those that have not been applied have to run") {
  CHECK(names(plan_migrations(three(), {})) == "0001_a.sql 0002_b.sql 0003_c.sql ");
  CHECK(names(plan_migrations(three(), applied(1))) == "0002_b.sql 0003_c.sql ");
  CHECK(plan_migrations(three(), applied(3)).empty());
  CHECK(plan_migrations({}, {}).empty());
  std::vector<AppliedMigration> reversed = applied(2);
  std::swap(reversed[0], reversed[1]);
  CHECK(names(plan_migrations(three(), reversed)) == "0003_c.sql ");
}

TEST_CASE("a migration that was changed or renamed after it was applied is an error") {
  std::vector<AppliedMigration> rows = applied(2);
  rows[1].checksum[0] ^= 1;
  CHECK_THROWS_WITH(plan_migrations(three(), rows),
                    StartsWith("0002_b.sql: it was changed after it had been applied"));
  rows = applied(2);
  rows[0].name = "0001_z.sql";
  CHECK_THROWS_WITH(plan_migrations(three(), rows),
                    StartsWith("0001_a.sql: it was applied as 0001_z.sql"));
}

TEST_CASE("a migration that was applied and has no file is an error") {
  std::vector<Migration> files = three();
  files.pop_back();
  CHECK_THROWS_WITH(plan_migrations(files, applied(3)),
                    StartsWith("0003_c.sql: it was applied, and its file is not there"));
  std::vector<AppliedMigration> rows = applied(1);
  rows[0].number = 0;
  CHECK_THROWS_AS(plan_migrations(three(), rows), MigrationError);
  CHECK_THROWS_AS(plan_migrations({}, applied(1)), MigrationError);
}

TEST_CASE("a migration that comes before one that was applied is an error") {
  std::vector<AppliedMigration> rows = applied(3);
  rows.erase(rows.begin() + 1);
  CHECK_THROWS_WITH(plan_migrations(three(), rows),
                    StartsWith("0002_b.sql: it was not applied, and 0003_c.sql after it was"));
}

TEST_CASE("a table with a number twice is an error") {
  std::vector<AppliedMigration> rows = applied(3);
  rows.push_back(rows[2]);
  CHECK_THROWS_AS(plan_migrations(three(), rows), MigrationError);
}

TEST_CASE("a place is a line and a column, in characters") {
  CHECK(line_and_column("select 1", 1) == "line 1, column 1");
  CHECK(line_and_column("a\nbc\nd", 4) == "line 2, column 2");
  CHECK(line_and_column("h\xC3\xA9llo x", 7) == "line 1, column 7");
  CHECK(line_and_column("ab", 100) == "line 1, column 3");
  CHECK(line_and_column("", 5) == "line 1, column 1");
}

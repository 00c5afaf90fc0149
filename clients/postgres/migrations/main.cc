// aiopyr-migrate URL FOLDER [--plan]: applies an app's migrations to a PostgreSQL database.
#include <exception>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include <aiopyr/clients/postgres/migrations/runner.h>

namespace {

using aiopyr::postgres::Migration;
using aiopyr::postgres::MigrationRunner;

constexpr std::string_view kUsage =
    "usage: aiopyr-migrate URL FOLDER [--plan]\n"
    "\n"
    "Applies the migrations of FOLDER, files such as 0001_create_jobs.sql, that the\n"
    "database has not seen yet: each in a transaction of its own, together with its\n"
    "row in the table aiopyr_migrations. Two at a time wait for each other.\n"
    "\n"
    "  URL     postgresql://USER@HOST:PORT/DATABASE, or another connection string of\n"
    "          libpq. Give passwords by PGPASSWORD or ~/.pgpass: others may see the\n"
    "          arguments of a program.\n"
    "  --plan  says what would be applied, and changes nothing\n";

void show_plan(MigrationRunner& runner, const std::string& folder) {
  const std::vector<Migration> missing = runner.plan(folder);
  for (const Migration& each : missing) std::cout << each.name << ": would be applied\n";
  if (missing.empty()) std::cout << "nothing to apply\n";
}

void apply_missing(MigrationRunner& runner, const std::string& folder) {
  if (runner.apply(folder) == 0) std::cout << "nothing to apply\n";
}

}  // namespace

int main(int count, char** values) {
  std::vector<std::string> arguments(values + 1, values + count);
  const bool only_plan = std::erase(arguments, "--plan") > 0;
  const bool asks_for_help = std::erase(arguments, "--help") > 0;
  if (asks_for_help || arguments.size() != 2) {
    (asks_for_help ? std::cout : std::cerr) << kUsage;
    return asks_for_help ? 0 : 2;
  }
  try {
    MigrationRunner runner(arguments[0],
                           [](const std::string& line) { std::cout << line << std::endl; });
    only_plan ? show_plan(runner, arguments[1]) : apply_missing(runner, arguments[1]);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "aiopyr-migrate: " << error.what() << '\n';
    return 1;
  }
}

#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <aiopyr/runtime/base/errors.h>

/// Migrations: numbered files of SQL that bring a database from one state of an app to the next.
/// This is the part that neither knows a server nor waits: which files there are, and which of them
/// have to run. Any thread.
namespace aiopyr::postgres {

/// Raised where the files of a folder, or what a database says of them, are not in order. The
/// message names the file and says what to do.
class MigrationError : public Error {
 public:
  using Error::Error;
};

/// A migration as it is in the folder.
struct Migration {
  /// From 1, without gaps.
  int number = 0;
  /// The file's name: `0001_create_jobs.sql`.
  std::string name;
  /// The SHA-256 of its text in hexadecimal.
  std::string checksum;
  std::string sql;
};

/// A migration as it is in the table of those that have been applied.
struct AppliedMigration {
  int number = 0;
  std::string name;
  std::string checksum;
};

/// Returns the migration that a file is. Throws MigrationError unless its name is four digits or
/// more, `_`, small letters, digits and `_`, and `.sql`, and its text is neither empty nor of more
/// than 16 MiB.
[[nodiscard]] Migration make_migration(std::string_view name, std::string sql);

/// Reads all files of a folder whose names end in `.sql`, which blocks; others do not matter.
/// Throws MigrationError for a folder that cannot be read, a file that make_migration() refuses,
/// numbers that do not begin with 1, are missing, or are there twice.
[[nodiscard]] std::vector<Migration> read_migrations(const std::filesystem::path& folder);

/// Returns the migrations that have to run, in their order, given all files as read_migrations()
/// does and those that have been applied, in any order. Throws MigrationError if one was applied
/// whose file is gone, renamed or changed, or if one is missing before one that was applied.
[[nodiscard]] std::vector<Migration> plan_migrations(const std::vector<Migration>& files,
                                                     std::vector<AppliedMigration> applied);

/// Returns where in a text its character number `position` is, counted from 1, as `line 3, column
/// 7`. The text is UTF-8.
[[nodiscard]] std::string line_and_column(std::string_view text, std::size_t position);

}  // namespace aiopyr::postgres

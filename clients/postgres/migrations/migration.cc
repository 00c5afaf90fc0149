#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <optional>
#include <system_error>
#include <utility>

#include <aiopyr/clients/postgres/migrations/migration.h>
#include <aiopyr/runtime/base/parse_number.h>
#include <aiopyr/runtime/text/digest.h>

namespace aiopyr::postgres {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSuffix = ".sql";
constexpr std::size_t kLeastDigits = 4;
constexpr std::size_t kMostBytes = std::size_t{16} << 20U;
constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kNameCharacters = "abcdefghijklmnopqrstuvwxyz0123456789_";

/// Returns the number that a file's name begins with, nullopt if it is no migration's name.
std::optional<int> number_of(std::string_view name) {
  if (!name.ends_with(kSuffix)) return std::nullopt;
  name.remove_suffix(kSuffix.size());
  const std::size_t digits = std::min(name.find_first_not_of(kDigits), name.size());
  if (digits < kLeastDigits || digits + 1 >= name.size() || name[digits] != '_')
    return std::nullopt;
  if (name.find_first_not_of(kNameCharacters) != std::string_view::npos) return std::nullopt;
  return parse_number<int>(name.substr(0, digits));
}

std::string padded(int number) {
  const std::string digits = std::to_string(number);
  return std::string(kLeastDigits - std::min(kLeastDigits, digits.size()), '0') + digits;
}

std::string read_file(const fs::path& path) {
  std::error_code error;
  const std::uintmax_t size = fs::file_size(path, error);
  if (error) throw MigrationError(path.string() + ": " + error.message());
  // One more than make_migration() takes, so that it refuses what is too large.
  std::string text(std::min<std::uintmax_t>(size, kMostBytes + 1), '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file) throw MigrationError(path.string() + ": it cannot be read");
  return text;
}

void check_numbers(const std::vector<Migration>& sorted) {
  int expected = 1;
  const Migration* before = nullptr;
  for (const Migration& each : sorted) {
    if (before != nullptr && each.number == before->number)
      throw MigrationError(before->name + " and " + each.name +
                           " have the same number: give one of them the next that is free");
    if (each.number != expected)
      throw MigrationError(each.name + ": there is no migration " + padded(expected) +
                           " before it: numbers begin with 0001 and have no gaps");
    before = &each;
    ++expected;
  }
}

void check_applied(const AppliedMigration& applied, const Migration& file) {
  if (applied.name != file.name)
    throw MigrationError(file.name + ": it was applied as " + applied.name +
                         ": give the file that name again");
  if (applied.checksum != file.checksum)
    throw MigrationError(file.name +
                         ": it was changed after it had been applied: put it back as it was, and "
                         "write a new migration for the change");
}

}  // namespace

Migration make_migration(std::string_view name, std::string sql) {
  const std::optional<int> number = number_of(name);
  if (!number)
    throw MigrationError(std::string(name) +
                         ": a migration has a name such as 0001_create_jobs.sql: four digits or "
                         "more, then small letters, digits and underscores");
  if (sql.find_first_not_of(" \t\r\n") == std::string::npos)
    throw MigrationError(std::string(name) + ": it is empty");
  if (sql.size() > kMostBytes)
    throw MigrationError(std::string(name) +
                         ": it has more than 16 MiB: load data by COPY instead");
  if (sql.find('\0') != std::string::npos)
    throw MigrationError(std::string(name) + ": it holds a NUL byte, so it is no text");
  std::string checksum = HashAlgorithm("sha256").hexdigest(sql);
  return {*number, std::string(name), std::move(checksum), std::move(sql)};
}

std::vector<Migration> read_migrations(const fs::path& folder) {
  std::vector<Migration> migrations;
  std::error_code error;
  fs::directory_iterator entries(folder, error);
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
    const std::string name = entries->path().filename().string();
    if (name.ends_with(kSuffix))
      migrations.push_back(make_migration(name, read_file(entries->path())));
  }
  if (error) throw MigrationError(folder.string() + ": " + error.message());
  std::ranges::sort(migrations, {}, [](const Migration& each) {
    return std::pair(each.number, std::string_view(each.name));
  });
  check_numbers(migrations);
  return migrations;
}

std::vector<Migration> plan_migrations(const std::vector<Migration>& files,
                                       std::vector<AppliedMigration> applied) {
  std::ranges::sort(applied, {}, &AppliedMigration::number);
  std::size_t at = 0;
  for (const AppliedMigration& each : applied) {
    const bool has_file = each.number > 0 && static_cast<std::size_t>(each.number) <= files.size();
    if (!has_file || at == files.size())
      throw MigrationError(each.name +
                           ": it was applied, and its file is not there: is the folder of an "
                           "older release than the database?");
    const Migration& file = files[at];
    if (each.number != file.number)
      throw MigrationError(file.name + ": it was not applied, and " + each.name +
                           " after it was: give it the next number that is free");
    check_applied(each, file);
    ++at;
  }
  return {files.begin() + static_cast<std::ptrdiff_t>(at), files.end()};
}

std::string line_and_column(std::string_view text, std::size_t position) {
  std::size_t line = 1;
  std::size_t column = 0;
  for (const char c : text) {
    // Counts characters: the further bytes of one begin with the bits 10.
    const bool continues = (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
    if (!continues && position-- <= 1) break;
    if (c == '\n') {
      ++line;
      column = 0;
    } else if (!continues) {
      ++column;
    }
  }
  return "line " + std::to_string(line) + ", column " + std::to_string(column + 1);
}

}  // namespace aiopyr::postgres

#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <aiopyr/clients/postgres/migrations/migration.h>

namespace aiopyr::postgres {

/// Applies migrations to a database, over a connection of its own that blocks: for a command or a
/// thread, never on the loop. Each file runs in a transaction together with the row that records
/// it, in the table `aiopyr_migrations` of the connection's schema. An advisory lock of the
/// database lets one runner work at a time; others wait.
class MigrationRunner {
 public:
  /// Called with what happens, one line each; it shows no secrets.
  using Tell = std::function<void(const std::string&)>;

  /// Connects to a URL or a connection string of libpq. Throws MigrationError, which does not show
  /// the URL.
  MigrationRunner(const std::string& url, Tell tell);
  ~MigrationRunner();
  MigrationRunner(const MigrationRunner&) = delete;
  MigrationRunner& operator=(const MigrationRunner&) = delete;

  /// Returns the migrations of the folder that have to run. Changes and locks nothing. Throws
  /// MigrationError where files or table are not in order, SqlError otherwise.
  [[nodiscard]] std::vector<Migration> plan(const std::filesystem::path& folder);
  /// Applies them; returns how many there were. Throws MigrationError, which names file and place,
  /// at the first that fails: those before it stay applied, and nothing of it does.
  std::size_t apply(const std::filesystem::path& folder);

 private:
  class Connection;

  [[nodiscard]] std::vector<AppliedMigration> applied() const;
  void lock();
  void apply_one(const Migration& migration);

  std::unique_ptr<Connection> connection_;
  Tell tell_;
};

}  // namespace aiopyr::postgres

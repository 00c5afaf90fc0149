#include <memory>
#include <postgresql/libpq-fe.h>
#include <string_view>
#include <utility>

#include <aiopyr/clients/postgres/migrations/runner.h>
#include <aiopyr/clients/postgres/values/parameters.h>
#include <aiopyr/clients/postgres/values/rows.h>
#include <aiopyr/clients/postgres/values/sql_error.h>
#include <aiopyr/runtime/base/one_line.h>

namespace aiopyr::postgres {

namespace {

constexpr const char* kCreateTable =
    "create table aiopyr_migrations (number integer primary key, name text not null, "
    "checksum text not null, applied_at timestamptz not null default now())";
constexpr const char* kTableExists = "select to_regclass('aiopyr_migrations') is not null";
constexpr const char* kApplied =
    "select number, name, checksum from aiopyr_migrations order by number";
constexpr const char* kRecord =
    "insert into aiopyr_migrations (number, name, checksum) values ($1, $2, $3)";

// The bytes of "aiopyrmg" as one number, which no other application should choose.
constexpr const char* kTryLock = "select pg_try_advisory_lock(7019264023098191207)";
constexpr const char* kLock = "select pg_advisory_lock(7019264023098191207)";
constexpr const char* kUnlock = "select pg_advisory_unlock(7019264023098191207)";

void discard_notice(void* /*unused*/, const PGresult* /*notice*/) {}

}  // namespace

/// A connection of libpq, used as it blocks.
class MigrationRunner::Connection {
 public:
  explicit Connection(const std::string& url) {
    check(url);
    const char* const names[] = {"dbname", "client_encoding", "fallback_application_name", nullptr};
    const char* const values[] = {url.c_str(), "UTF8", "aiopyr-migrate", nullptr};
    connection_.reset(PQconnectdbParams(names, values, /*expand_dbname=*/1));
    if (PQstatus(get()) != CONNECTION_OK) throw MigrationError(message());
    PQsetNoticeReceiver(get(), discard_notice, nullptr);
  }

  /// Runs a statement. Throws SqlError.
  Rows run(const char* sql, const Parameters& parameters = {}) const {
    const auto values = parameters.values();
    constexpr int kBinary = 1;
    Result result(PQexecParams(get(), sql, static_cast<int>(parameters.size()), parameters.types(),
                               values.data(), parameters.lengths(), parameters.formats(), kBinary));
    expect_success(result, sql);
    return Rows(std::move(result));
  }

  /// Runs the statements of a file; throws MigrationError that says where it has failed.
  void run_file(const Migration& migration) const {
    if (PQsendQuery(get(), migration.sql.c_str()) == 0) throw MigrationError(message());
    std::string failure;
    std::size_t statement = 0;
    while (PGresult* const next = PQgetResult(get())) {
      const Result result(next);
      ++statement;
      const ExecStatusType status = PQresultStatus(next);
      if (status == PGRES_FATAL_ERROR) {
        if (failure.empty()) failure = describe_failure(migration, next, statement);
      } else if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT) {
        // Nothing leads out of a COPY that nobody feeds but the end of the connection.
        throw MigrationError(migration.name + ": COPY has no data there: write INSERT");
      }
    }
    if (!failure.empty()) throw MigrationError(failure);
  }

  [[nodiscard]] bool is_in_transaction() const {
    return PQtransactionStatus(get()) == PQTRANS_INTRANS;
  }
  void roll_back() const { PQclear(PQexec(get(), "rollback")); }

 private:
  struct Finish {
    void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
  };

  /// Refuses what libpq cannot read, since its own message would show all of it.
  static void check(const std::string& url) {
    char* error = nullptr;
    PQconninfoOption* const options = PQconninfoParse(url.c_str(), &error);
    PQfreemem(error);
    if (options == nullptr)
      throw MigrationError(
          "the URL cannot be read: it is postgresql://USER@HOST:PORT/DATABASE, in which % and "
          "characters such as @ and / in names and passwords are written as %25, %40 and %2F");
    PQconninfoFree(options);
  }

  static void expect_success(const Result& result, std::string_view sql) {
    const ExecStatusType status = PQresultStatus(result.native());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
      throw SqlError::from(result.native(), sql);
  }

  static std::string describe_failure(const Migration& migration, const PGresult* result,
                                      std::size_t statement) {
    const SqlError error = SqlError::from(result, "");
    const std::string place = error.position() > 0
                                  ? line_and_column(migration.sql, error.position())
                                  : "statement " + std::to_string(statement);
    std::string text = migration.name + ", " + place + ": SQLSTATE " + error.sqlstate() + ": " +
                       one_line(error.message());
    if (!error.hint().empty()) text += " (" + one_line(error.hint()) + ")";
    return text;
  }

  [[nodiscard]] std::string message() const {
    std::string text = PQerrorMessage(get());
    while (text.ends_with('\n')) text.pop_back();
    return one_line(text);
  }

  [[nodiscard]] PGconn* get() const noexcept { return connection_.get(); }

  std::unique_ptr<PGconn, Finish> connection_;
};

MigrationRunner::MigrationRunner(const std::string& url, Tell tell)
    : connection_(std::make_unique<Connection>(url)), tell_(std::move(tell)) {}

MigrationRunner::~MigrationRunner() = default;

std::vector<AppliedMigration> MigrationRunner::applied() const {
  if (!connection_->run(kTableExists).one().as<bool>()) return {};
  return connection_->run(kApplied).as<AppliedMigration>().to_vector();
}

std::vector<Migration> MigrationRunner::plan(const std::filesystem::path& folder) {
  return plan_migrations(read_migrations(folder), applied());
}

void MigrationRunner::lock() {
  if (connection_->run(kTryLock).one().as<bool>()) return;
  tell_("waiting for another aiopyr-migrate, which holds the lock of this database");
  connection_->run(kLock);
}

std::size_t MigrationRunner::apply(const std::filesystem::path& folder) {
  // Before the lock: a folder in disorder need not wait.
  const std::vector<Migration> files = read_migrations(folder);
  lock();
  if (!connection_->run(kTableExists).one().as<bool>()) connection_->run(kCreateTable);
  const std::vector<Migration> missing = plan_migrations(files, applied());
  for (const Migration& each : missing) {
    apply_one(each);
    tell_(each.name + ": applied");
  }
  connection_->run(kUnlock);
  return missing.size();
}

void MigrationRunner::apply_one(const Migration& migration) {
  connection_->run("begin");
  try {
    connection_->run_file(migration);
    if (!connection_->is_in_transaction())
      throw MigrationError(migration.name +
                           ": it ends its transaction, so what it did may stay, and is not "
                           "recorded: remove BEGIN, COMMIT and ROLLBACK from it");
    connection_->run(kRecord, encode(migration.number, migration.name, migration.checksum));
  } catch (...) {
    connection_->roll_back();
    throw;
  }
  connection_->run("commit");
}

}  // namespace aiopyr::postgres

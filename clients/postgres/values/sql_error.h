#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <aiopyr/clients/postgres/values/errors.h>

struct pg_result;

namespace aiopyr::postgres {

/// The server's report of a statement that it has refused: the fields of its ErrorResponse, empty
/// where it sent none (PostgreSQL: Error and Notice Message Fields).
struct SqlErrorFields {
  std::string sqlstate = {};
  std::string severity = {};
  std::string message = {};
  std::string detail = {};
  std::string hint = {};
  std::string context = {};
  std::string schema = {};
  std::string table = {};
  std::string column = {};
  std::string data_type = {};
  std::string constraint = {};
  /// The place in the statement's text, in characters from 1; 0 if there is none.
  std::uint32_t position = 0;
};

/// Raised when the server has refused a statement. what() has the
/// beginning of the statement's text, SQLSTATE and the server's message; never the parameters, nor
/// detail() and context(), which often show values of rows. retry() is kSafe where the same may
/// succeed later or elsewhere, as after a deadlock, kUnsafe where the server does not know whether
/// it has committed, and else kUseless. Values may be thrown on one thread and caught on another.
class SqlError : public ServerError {
 public:
  /// `server` is its address, without user and password; empty where it is not known.
  SqlError(SqlErrorFields fields, std::string_view statement, std::string server = {});
  /// Takes the fields of a PGresult with the status PGRES_FATAL_ERROR, which stays the caller's.
  [[nodiscard]] static SqlError from(const pg_result* result, std::string_view statement,
                                     std::string server = {});

  /// Returns the five characters that tell the kind of error; empty if the server sent none.
  [[nodiscard]] const std::string& sqlstate() const noexcept { return fields_->sqlstate; }
  [[nodiscard]] const std::string& severity() const noexcept { return fields_->severity; }
  [[nodiscard]] const std::string& message() const noexcept { return fields_->message; }
  [[nodiscard]] const std::string& detail() const noexcept { return fields_->detail; }
  [[nodiscard]] const std::string& hint() const noexcept { return fields_->hint; }
  [[nodiscard]] const std::string& context() const noexcept { return fields_->context; }
  [[nodiscard]] const std::string& schema() const noexcept { return fields_->schema; }
  [[nodiscard]] const std::string& table() const noexcept { return fields_->table; }
  [[nodiscard]] const std::string& column() const noexcept { return fields_->column; }
  [[nodiscard]] const std::string& data_type() const noexcept { return fields_->data_type; }
  [[nodiscard]] const std::string& constraint() const noexcept { return fields_->constraint; }
  /// Returns the place in the statement's text, in characters from 1; 0 if there is none.
  [[nodiscard]] std::uint32_t position() const noexcept { return fields_->position; }

  /// Returns whether the SQLSTATE is of that class, its first two characters: "23" has the
  /// violations of constraints.
  [[nodiscard]] bool is_of_class(std::string_view first_two) const noexcept;
  /// 23505: also `constraint()` says which.
  [[nodiscard]] bool is_unique_violation() const noexcept { return is("23505"); }
  [[nodiscard]] bool is_foreign_key_violation() const noexcept { return is("23503"); }
  [[nodiscard]] bool is_not_null_violation() const noexcept { return is("23502"); }
  [[nodiscard]] bool is_check_violation() const noexcept { return is("23514"); }
  [[nodiscard]] bool is_exclusion_violation() const noexcept { return is("23P01"); }
  /// 40001: the whole transaction may be tried again.
  [[nodiscard]] bool is_serialization_failure() const noexcept { return is("40001"); }
  /// 40P01: likewise.
  [[nodiscard]] bool is_deadlock() const noexcept { return is("40P01"); }
  [[nodiscard]] bool is_lock_not_available() const noexcept { return is("55P03"); }
  /// 57014: statement_timeout, or a cancel.
  [[nodiscard]] bool is_query_canceled() const noexcept { return is("57014"); }
  /// 25006: a statement that writes, on a replica or in a read-only transaction.
  [[nodiscard]] bool is_read_only() const noexcept { return is("25006"); }
  /// 57P01 to 57P05: the server ends the connection, since it is shut down, has crashed, is not up
  /// yet, or has dropped the database.
  [[nodiscard]] bool is_admin_shutdown() const noexcept;
  /// 26000, and 0A000 `cached plan must not change result type`: a prepared statement that is not
  /// there, or not any more what it was.
  [[nodiscard]] bool is_stale_statement() const noexcept;

 private:
  [[nodiscard]] bool is(std::string_view sqlstate) const noexcept {
    return fields_->sqlstate == sqlstate;
  }

  // Shared, since exceptions are copied.
  std::shared_ptr<const SqlErrorFields> fields_;
};

/// Returns a statement's text as messages and logs show it: on one line, its beginning only.
[[nodiscard]] std::string shorten_statement(std::string_view statement);

}  // namespace aiopyr::postgres
